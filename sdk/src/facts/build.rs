//! How an image is built.

use serde::{Deserialize, Serialize};

use super::{Argument, Command, Comment, EnvVar, PackageOperation, Platform, User};
use crate::known::present;
use crate::{Loc, Nullable};

/// A Dockerfile: its stages, and its instructions by what they do.
///
/// Every list holds the instructions of all stages in source order. `stage` is an index into
/// `stages`; `needed` says that the target stage needs that stage, `shipped` that the stage is in
/// the target's lineage, so that what the instruction does is in the image. ONBUILD triggers are
/// only in `instructions`: they run in another build.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Build {
    /// Its place: the whole Dockerfile.
    pub loc: Loc,
    /// The index of the target stage; null when there is no stage.
    pub target: Nullable<u32>,
    /// The stages.
    pub stages: Vec<Stage>,
    /// Every instruction.
    pub instructions: Vec<Instruction>,
    /// Every ARG and ENV.
    pub variables: Vec<EnvVar>,
    /// Variables that an instruction refers to and that nothing before it declares.
    pub undeclared: Vec<UndeclaredVariable>,
    /// Every label that a LABEL sets, also those that a later one overrides.
    pub labels: Vec<LabelSetting>,
    /// Every RUN.
    pub runs: Vec<Run>,
    /// What the RUNs ask of package managers.
    pub package_operations: Vec<PackageOperation>,
    /// Every COPY and ADD.
    pub copies: Vec<Copy>,
    /// Every port specification of EXPOSE.
    pub exposes: Vec<Expose>,
    /// Every WORKDIR.
    pub workdirs: Vec<Workdir>,
    /// The `.dockerignore` in force; absent when the build context could not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dockerignore: Option<Dockerignore>,
    /// The build context; absent when it could not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<Context>,
    /// The parser directives `syntax`, `escape` and `check`, with the key as name.
    pub directives: Vec<super::Label>,
    /// Comments, but for parser directives.
    pub comments: Vec<Comment>,
}

/// A stage: FROM and what follows it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Stage {
    /// Its place: the FROM.
    pub loc: Loc,
    /// Its number, from 0.
    pub index: u32,
    /// Its name, in lower case; null without one.
    pub name: Nullable<String>,
    /// Its name as written; null without one.
    pub written_name: Nullable<String>,
    /// The `AS` in front of its name as written; null without a name.
    pub written_as: Nullable<String>,
    /// The index in `references` of its base.
    pub base: u32,
    /// Why its base is no valid reference when nobody gives a build argument; null when it is one,
    /// and when it is written without variables.
    pub default_problem: Nullable<String>,
    /// The index of the stage it is built on; null when it is built on an image; absent when not
    /// resolved.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub parent: Option<Nullable<u32>>,
    /// Whether it is the target.
    pub is_target: bool,
    /// Whether the target needs it: built on it, copied from it, or mounted from it.
    pub needed: bool,
    /// Whether it is in the target's lineage: the target, or built on by it.
    pub shipped: bool,
    /// `--platform` as written; null without one.
    pub platform: Nullable<String>,
    /// `--platform` after substitution, normalised; null without one; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub resolved_platform: Option<Nullable<Platform>>,
    /// The user at its end.
    pub user: User,
    /// Whether SHELL sets a shell in it or in a stage it is built on.
    pub has_shell: bool,
    /// The number of its instructions, FROM not counted.
    pub length: u32,
}

/// An instruction, whatever it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Instruction {
    /// Its place.
    pub loc: Loc,
    /// `RUN`, `COPY` …, in upper case.
    pub keyword: String,
    /// The keyword as written.
    pub written: String,
    /// The index of its stage; null before the first stage.
    pub stage: Nullable<u32>,
    /// Whether the target needs its stage; true before the first stage.
    pub needed: bool,
    /// Whether its stage is in the target's lineage.
    pub shipped: bool,
    /// `exec`, `shell` or `heredoc` for RUN, CMD, ENTRYPOINT and HEALTHCHECK; null for the others.
    pub form: Nullable<String>,
    /// The keyword of the trigger, for ONBUILD; null for the others.
    pub trigger: Nullable<String>,
    /// Whether it is in the old form `ENV KEY value`.
    pub legacy: bool,
    /// Its first line, from 1.
    pub line: u32,
    /// Its last line.
    pub end_line: u32,
}

/// A variable that an instruction refers to and that nothing before it declares.
///
/// What stands in a script is not among them: the shell may set it. Neither is a reference that
/// says what holds without the variable, `${NAME:-default}`.
/// <https://docs.docker.com/reference/build-checks/undefined-var/>
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct UndeclaredVariable {
    /// Its place: the first reference to it in the instruction.
    pub loc: Loc,
    /// The name.
    pub name: String,
    /// The instruction: `COPY`, `FROM` …
    pub keyword: String,
    /// The index of the stage; null before the first one.
    pub stage: Nullable<u32>,
    /// Whether the target needs the stage; true before the first one.
    pub needed: bool,
    /// Whether the stage is in the target's lineage.
    pub shipped: bool,
    /// Where else it is declared: `self` (by what refers to it: `ENV A=$A:x`), `same` (by the same
    /// instruction, whose values see only what was before it), `later` (further down in the stage),
    /// `global` (before the first FROM, which a stage sees through an ARG of its own only); null
    /// when nowhere in sight.
    pub declared: Nullable<String>,
    /// Whether the base image may set it: it is not known what that sets.
    pub base_may_set: bool,
}

/// A label that a LABEL sets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LabelSetting {
    /// Its place: key and value.
    pub loc: Loc,
    /// The key; absent when it depends on an unknown variable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The value after substitution; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Whether the value was written without variables.
    pub literal: bool,
    /// The index of its stage.
    pub stage: u32,
    /// Whether the target needs its stage.
    pub needed: bool,
    /// Whether its stage is in the target's lineage.
    pub shipped: bool,
}

/// A RUN.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Run {
    /// Its place.
    pub loc: Loc,
    /// The index of its stage.
    pub stage: u32,
    /// Whether the target needs its stage.
    pub needed: bool,
    /// Whether its stage is in the target's lineage.
    pub shipped: bool,
    /// `shell`, `exec`, `heredoc`.
    pub form: String,
    /// The shell that SHELL sets for it; empty for the platform's default.
    pub shell: Vec<String>,
    /// The simple commands it runs, in source order.
    pub commands: Vec<Command>,
    /// Variables of the build that it reads, by name.
    pub variables: Vec<VariableUse>,
    /// Its `--mount` flags.
    pub mounts: Vec<RunMount>,
    /// `--network`: `default`, `none`, `host`; null without the flag; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub network: Option<Nullable<String>>,
    /// `--security`: `sandbox`, `insecure`; null without the flag; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub security: Option<Nullable<String>>,
    /// Its `--device` flags, each as written: `vendor.com/gpu=all,required`.
    pub devices: Vec<Argument>,
    /// The index in `instructions` of the RUN itself; of the FROM, for a trigger of ONBUILD.
    pub instruction: u32,
    /// The working directory it starts in; null when no WORKDIR of the lineage sets one; absent
    /// when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub working_dir: Option<Nullable<String>>,
    /// Lists above of which only a part is known: `commands` when the shell was not understood.
    pub incomplete: Vec<String>,
}

/// Where a command reads a variable.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct VariableUse {
    /// Its place: the word that reads it.
    pub loc: Loc,
    /// The name.
    pub name: String,
    /// Whether an ARG or ENV of the build sets it, rather than the shell.
    pub declared: bool,
    /// `name` when its name is one that holds a credential, by the policy's table; null when not.
    pub secret: Nullable<String>,
}

/// A `--mount` of a RUN.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RunMount {
    /// Its place.
    pub loc: Loc,
    /// `bind`, `cache`, `tmpfs`, `secret`, `ssh`; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// `id`; null without one; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub id: Option<Nullable<String>>,
    /// `source`; null without one; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub source: Option<Nullable<String>>,
    /// `target`; null without one; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub target: Option<Nullable<String>>,
    /// `env`: the variable a secret is given as; null without one; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub env: Option<Nullable<String>>,
    /// The index in `references` of what it is mounted from; null without one.
    pub from: Nullable<u32>,
}

/// A COPY or an ADD.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Copy {
    /// Its place.
    pub loc: Loc,
    /// `COPY` or `ADD`.
    pub keyword: String,
    /// The index of its stage.
    pub stage: u32,
    /// Whether the target needs its stage.
    pub needed: bool,
    /// Whether its stage is in the target's lineage.
    pub shipped: bool,
    /// What is copied.
    pub sources: Vec<CopySource>,
    /// Where to; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dest: Option<String>,
    /// The index in `instructions` of the COPY or ADD itself; of the FROM, for a trigger of ONBUILD.
    pub instruction: u32,
    /// The working directory that a relative `dest` is below; null when no WORKDIR of the lineage
    /// sets one; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub working_dir: Option<Nullable<String>>,
    /// Whether `dest` is relative to a working directory that no WORKDIR of the lineage sets;
    /// absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dest_without_workdir: Option<bool>,
    /// The index in `references` of `--from`; null without the flag.
    pub from: Nullable<u32>,
    /// `--chown`; null without the flag; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub chown: Option<Nullable<String>>,
    /// `--chmod`; null without the flag; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub chmod: Option<Nullable<String>>,
    /// `--checksum`; null without the flag; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub checksum: Option<Nullable<String>>,
    /// `--link`.
    pub link: bool,
    /// `--parents`.
    pub parents: bool,
    /// `--keep-git-dir`.
    pub keep_git_dir: bool,
    /// `--exclude`, each as written.
    pub excludes: Vec<String>,
}

/// One source of a COPY or an ADD.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CopySource {
    /// Its place.
    pub loc: Loc,
    /// As written; the name of a heredoc.
    pub raw: String,
    /// After substitution; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// `local` (the build context), `url`, `git`, `heredoc`, `stage` (also another image or
    /// context, with `--from`); absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Whether a git source names a commit or a checksum; null for other kinds.
    pub pinned: Nullable<bool>,
    /// Whether `.dockerignore` leaves it out, or for the whole context everything; null for other
    /// kinds than `local`; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub ignored: Option<Nullable<bool>>,
}

/// One port specification of EXPOSE.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Expose {
    /// Its place.
    pub loc: Loc,
    /// As written.
    pub raw: String,
    /// After substitution; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The index of its stage.
    pub stage: u32,
    /// Whether the target needs its stage.
    pub needed: bool,
    /// Whether its stage is in the target's lineage.
    pub shipped: bool,
    /// Why it is no valid specification; null when it is one; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub problem: Option<Nullable<String>>,
    /// Whether it names a host address or a host port, which EXPOSE ignores; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub has_host_part: Option<bool>,
    /// The protocol as written, `TCP`; null without one; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub protocol: Option<Nullable<String>>,
}

/// A WORKDIR.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Workdir {
    /// Its place.
    pub loc: Loc,
    /// As written.
    pub raw: String,
    /// The working directory it results in; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Whether it is absolute as written, on the image's platform; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub absolute: Option<bool>,
    /// Whether an absolute WORKDIR of the lineage comes before it; absent when unknown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_absolute: Option<bool>,
    /// The index of its stage.
    pub stage: u32,
    /// Whether the target needs its stage.
    pub needed: bool,
    /// Whether its stage is in the target's lineage.
    pub shipped: bool,
}

/// The `.dockerignore` in force.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Dockerignore {
    /// Its place.
    pub loc: Loc,
    /// Whether there is one.
    pub present: bool,
    /// Its path within the build context; null without one.
    pub file: Nullable<String>,
    /// Its patterns, in order.
    pub patterns: Vec<IgnorePattern>,
}

/// One line of a `.dockerignore`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct IgnorePattern {
    /// Its place.
    pub loc: Loc,
    /// The pattern, cleaned, without `!`.
    pub pattern: String,
    /// Whether it brings files back: `!`.
    pub negated: bool,
}

/// The build context: the folder that COPY and ADD take files from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Context {
    /// Its place.
    pub loc: Loc,
    /// Its files, sorted by path. Listed only when a COPY or ADD takes a folder or a wildcard.
    pub files: Vec<ContextFile>,
    /// `files` when there are more than are listed.
    pub incomplete: Vec<String>,
}

/// A file of the build context.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ContextFile {
    /// Its path within the context, with forward slashes.
    pub path: String,
    /// Whether `.dockerignore` leaves it out.
    pub ignored: bool,
}
