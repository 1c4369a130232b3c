//! Remote build contexts and remote sources of `ADD`: Git URLs and plain URLs.
//!
//! Owns telling them from local paths and from each other, as `ParseGitRef` of BuildKit's
//! [dfgitutil] does, and the options in the fragment and the query of a Git URL. It resolves
//! nothing.
//!
//! [dfgitutil]: https://github.com/moby/buildkit/tree/master/frontend/dockerfile/dfgitutil

mod remote;

use std::fmt;

/// A Git repository with what to take from it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct GitUrl {
    /// What is given to `git`, without fragment and query. It may contain credentials.
    pub remote: String,
    /// The last component of the remote, without `.git`.
    pub short_name: String,
    /// A branch, tag or commit. A checksum without a reference is the reference.
    pub reference: Option<String>,
    /// The commit hash, or the beginning of one, that the reference must resolve to.
    pub checksum: Option<String>,
    /// The folder in the repository.
    pub subdirectory: Option<String>,
    /// `keep-git-dir`: whether `.git` is kept.
    pub keep_git_dir: Option<bool>,
    /// `submodules`: whether submodules are fetched.
    pub submodules: Option<bool>,
    /// `mtime`: where the modification times of files come from, `checkout` or `commit`.
    pub mtime: Option<String>,
    /// `fetch-by-commit`: whether the commit is fetched by its hash.
    pub fetch_by_commit: bool,
    /// The deprecated form `github.com/user/repository`, which a local path may have too. BuildKit
    /// takes it for a repository only as a build context.
    pub like_local_path: bool,
    /// The connection is not encrypted: `git://` or `http://`.
    pub unencrypted: bool,
}

/// Why a text is not a Git URL.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum GitUrlError {
    /// It is a local path, a plain URL, or a URL of another kind.
    NotGit,
    /// It is a Git URL, but there is something wrong with its query.
    Query(QueryError),
}

/// What is wrong with the query of a Git URL; names and values are as written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum QueryError {
    /// The key needs a value.
    NoValue(String),
    /// The key is given more than once.
    MultipleValues(String),
    /// The value (second) is not one that the key (first) can have.
    InvalidValue(String, String),
    /// There is no such key.
    UnexpectedKey(String),
    /// Fragment and query, or two keys, name different references.
    ReferenceConflict(String, String),
    /// Fragment and query name different folders.
    SubdirectoryConflict(String, String),
    /// Both a branch and a tag are given.
    BranchAndTag,
}

impl fmt::Display for GitUrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            GitUrlError::NotGit => f.write_str("not the URL of a Git repository"),
            GitUrlError::Query(error) => error.fmt(f),
        }
    }
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            QueryError::NoValue(key) => write!(f, "query \"{key}\" has no value"),
            QueryError::MultipleValues(key) => write!(f, "query \"{key}\" has multiple values"),
            QueryError::InvalidValue(key, value) => {
                write!(f, "invalid {key} value: \"{value}\"")
            }
            QueryError::UnexpectedKey(key) => write!(f, "unexpected query \"{key}\""),
            QueryError::ReferenceConflict(one, other) => {
                write!(f, "ref conflicts: \"{one}\" vs \"{other}\"")
            }
            QueryError::SubdirectoryConflict(one, other) => {
                write!(f, "subdir conflicts: \"{one}\" vs \"{other}\"")
            }
            QueryError::BranchAndTag => f.write_str("branch conflicts with tag"),
        }
    }
}

impl std::error::Error for GitUrlError {}
impl std::error::Error for QueryError {}

/// Whether `ADD` clones this source. True also of a Git URL with a wrong query, which is an error.
#[must_use]
pub fn is_git(source: &str) -> bool {
    match GitUrl::parse(source) {
        Ok(url) => !url.like_local_path,
        Err(GitUrlError::Query(_)) => true,
        Err(GitUrlError::NotGit) => false,
    }
}

/// Whether `ADD` downloads this source: `http://` or `https://` in lower case, and not Git.
#[must_use]
pub fn is_url(source: &str) -> bool {
    (source.starts_with("http://") || source.starts_with("https://")) && !is_git(source)
}

impl GitUrl {
    /// Parses a Git URL: `https://host/path.git`, `ssh://…`, `git://…`, `user@host:path`, or
    /// `github.com/user/repository`; with `#reference:folder` or a query.
    ///
    /// Over HTTP the path must end in `.git`; anything else is a plain URL.
    ///
    /// # Errors
    ///
    /// See [`GitUrlError`].
    pub fn parse(text: &str) -> Result<Self, GitUrlError> {
        if text.starts_with("./") || text.starts_with("../") {
            return Err(GitUrlError::NotGit);
        }
        let like_local_path = text.starts_with("github.com/");
        let parts =
            if like_local_path { remote::parse_without_scheme(text) } else { remote::parse(text) };
        let parts = parts.ok_or(GitUrlError::NotGit)?;
        let http = matches!(parts.scheme.as_str(), "http" | "https");
        if http && !like_local_path && !parts.path.ends_with(".git") {
            return Err(GitUrlError::NotGit);
        }
        let name = parts.remote.rsplit('/').next().unwrap_or_default();
        let mut url = GitUrl {
            short_name: name.strip_suffix(".git").unwrap_or(name).to_owned(),
            like_local_path,
            unencrypted: matches!(parts.scheme.as_str(), "http" | "git"),
            ..GitUrl::default()
        };
        if let Some(fragment) = parts.fragment {
            let (reference, subdirectory) = fragment.split_once(':').unwrap_or((&fragment, ""));
            url.reference = not_empty(reference);
            url.subdirectory = not_empty(subdirectory);
        }
        url.load_query(&parts.query).map_err(GitUrlError::Query)?;
        url.remote = parts.remote;
        Ok(url)
    }

    /// `remote#reference`, or the remote alone (`FragmentFormat`).
    #[must_use]
    pub fn fragment_format(&self) -> String {
        match &self.reference {
            Some(reference) => format!("{}#{reference}", self.remote),
            None => self.remote.clone(),
        }
    }

    /// `remote#reference:folder`, without the parts that are not given
    /// (`FragmentFormatWithSubdir`).
    #[must_use]
    pub fn fragment_format_with_subdirectory(&self) -> String {
        let subdirectory = self.subdirectory.as_deref().unwrap_or_default();
        let subdirectory = subdirectory.strip_prefix('/').unwrap_or(subdirectory);
        if subdirectory.is_empty() {
            return self.fragment_format();
        }
        let reference = self.reference.as_deref().unwrap_or_default();
        format!("{}#{reference}:{subdirectory}", self.remote)
    }

    fn load_query(&mut self, query: &[(String, String)]) -> Result<(), QueryError> {
        let (mut tag, mut branch) = (None, None);
        let mut seen = std::collections::HashSet::new();
        for (key, value) in query {
            if !seen.insert(key) {
                return Err(QueryError::MultipleValues(key.clone()));
            }
            let flag = matches!(key.as_str(), "submodules" | "keep-git-dir" | "fetch-by-commit");
            if value.is_empty() && !flag {
                return Err(QueryError::NoValue(key.clone()));
            }
            match key.as_str() {
                "ref" => {
                    self.set_reference(value)?;
                }
                "tag" => tag = Some(value),
                "branch" => branch = Some(value),
                "subdir" => match self.subdirectory.replace(value.clone()) {
                    Some(other) if other != *value => {
                        return Err(QueryError::SubdirectoryConflict(other, value.clone()));
                    }
                    _ => {}
                },
                "checksum" | "commit" => self.checksum = Some(value.clone()),
                "keep-git-dir" => self.keep_git_dir = Some(parse_flag(key, value)?),
                "submodules" => self.submodules = Some(parse_flag(key, value)?),
                "fetch-by-commit" => self.fetch_by_commit = parse_flag(key, value)?,
                "mtime" if matches!(value.as_str(), "checkout" | "commit") => {
                    self.mtime = Some(value.clone());
                }
                "mtime" => return Err(QueryError::InvalidValue(key.clone(), value.clone())),
                _ => return Err(QueryError::UnexpectedKey(key.clone())),
            }
        }
        if let Some(tag) = tag {
            self.set_reference(&with_prefix("refs/tags/", tag))?;
        }
        if let Some(branch) = branch {
            if tag.is_some() {
                return Err(QueryError::BranchAndTag);
            }
            self.set_reference(&with_prefix("refs/heads/", branch))?;
        }
        if self.reference.is_none() {
            self.reference.clone_from(&self.checksum);
        }
        Ok(())
    }

    fn set_reference(&mut self, reference: &str) -> Result<(), QueryError> {
        match self.reference.replace(reference.to_owned()) {
            Some(other) if other != reference => {
                Err(QueryError::ReferenceConflict(other, reference.to_owned()))
            }
            _ => Ok(()),
        }
    }
}

fn not_empty(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !text.is_empty())
}

fn with_prefix(prefix: &str, name: &str) -> String {
    if name.starts_with(prefix) { name.to_owned() } else { format!("{prefix}{name}") }
}

/// A flag of the query, as Go's `strconv.ParseBool`; without a value it is set.
fn parse_flag(key: &str, value: &str) -> Result<bool, QueryError> {
    match value {
        "" | "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(false),
        _ => Err(QueryError::InvalidValue(key.to_owned(), value.to_owned())),
    }
}

#[cfg(test)]
mod tests;
