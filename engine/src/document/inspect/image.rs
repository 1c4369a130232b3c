//! An image, as `docker image inspect` prints it.
//!
//! <https://docs.docker.com/reference/api/engine/> (`ImageInspect`), from version 1.22 to today, and
//! podman's. Its files and its history are not in there. `Id` is the digest of the configuration
//! with the older stores, and that of a manifest or an index with containerd's.

use plimsoll_sdk::facts::{
    Argument, Attestation, Base, Image, ImageConfig, ImageFiles, ImageRef, Label, Layer, Platform,
};
use plimsoll_sdk::{Loc, Nullable};

use super::config::Unset;
use super::container::value_of;
use super::lowering::{Known, Lowering, Owner};
use super::reference::{self, Use};
use super::tree::At;
use crate::document::reference as named;
use crate::notation::reference::Reference;

/// Where an image says what it is built on.
///
/// <https://github.com/opencontainers/image-spec/blob/main/annotations.md>
const BASE_NAME: &str = "org.opencontainers.image.base.name";
const BASE_DIGEST: &str = "org.opencontainers.image.base.digest";

/// Before this year a time is a fixed one, as reproducible builds write it.
const FIRST_YEAR: u32 = 1981;

const SHORT_ID: usize = 12;

impl Lowering<'_> {
    /// The image of one object; `number` is its number among the objects, from 1.
    pub(super) fn image(&mut self, object: At<'_>, number: usize) -> Image {
        let [tags, by_digest, id_at] = ["RepoTags", "RepoDigests", "Id"].map(|key| object.get(key));
        let first = tags.items().chain(by_digest.items()).find(|it| it.filled().is_some());
        let shown = first.unwrap_or(id_at);
        let at = object.shown_at(shown.span);
        let loc = self.places.object(None, at.span);
        let mut owner = Owner::new(loc);
        let id = self.string_field(loc, "image_id", id_at);
        let id = id.and_then(|id| id.value().map(|id| reference::id(id)));
        let refs = self.names(&mut owner, tags, by_digest);
        let descriptor = self.child(at.omittable("Descriptor"));
        let named = first.and_then(At::text).filter(|name| !name.starts_with("<none>"));
        let name = named.map(str::to_owned).or_else(|| short(id.as_deref()));
        let config_at = self.child(at.get("Config"));
        let windows = at.get("Os").text() == Some("windows");
        let config = self.image_config(loc, config_at, descriptor, windows);
        let annotations = self.labels(&mut owner, "annotations", descriptor.part("annotations"));
        let digests = self.digests(loc, at, id.as_deref());
        let media_type = descriptor.get("mediaType");
        let created = self.string_field(loc, "created", at.omittable("Created"));
        let created = created
            .map(|time| time.value().filter(|time| !time.starts_with("0001-")).cloned().into());
        let layers = self.layers(&mut owner, at.get("RootFS").omittable("Layers"));
        for list in ["history", "installs", "packages"] {
            owner.incomplete(list);
        }
        let attestations = self.attestations(&mut owner, at);
        Image {
            loc,
            name: name.unwrap_or_else(|| format!("image {number}")),
            source_type: "docker_inspect".into(),
            refs,
            digest: digests.manifest,
            index_digest: digests.index,
            image_id: id,
            id_kind: digests.id_kind.map(Into::into),
            media_type: self.string_field(loc, "media_type", media_type),
            created_reproducible: created.as_ref().and_then(reproducible),
            created,
            author: self.string_field(loc, "author", at.omittable("Author")),
            base: self.base(loc, &config.labels, &annotations),
            config,
            platform: self.platform(loc, at),
            annotations,
            layers,
            size_bytes: self.size(loc, at),
            // The containerd store counts what is distributed as well: then it is neither.
            size_kind: (!descriptor.is_map()).then(|| "unpacked".into()),
            history: Vec::new(),
            installs: Vec::new(),
            files: self.unknown_files(loc, at),
            packages: Vec::new(),
            os_release: None,
            attestations,
            incomplete: owner.incomplete,
        }
    }

    fn names(&mut self, owner: &mut Owner, tags: At<'_>, digests: At<'_>) -> Vec<ImageRef> {
        let mut names = Vec::new();
        for at in [tags, digests] {
            for item in self.list_field(owner, "refs", at) {
                match item.text() {
                    // What has no name, in older engines.
                    Some(text) if text.starts_with("<none>") => {}
                    Some(_) => {
                        let used = Use { role: "name", container: None, id: None };
                        names.push(self.reference(owner.loc, item, used));
                    }
                    None => self.wrong(item, "a string"),
                }
            }
        }
        for mut name in named::origins(&names) {
            let Some(place) = self.places.place(name.loc) else { continue };
            name.loc = self.places.object_at(Some(owner.loc), &place);
            self.references.push(name);
        }
        self.place(owner.loc, "refs", if tags.node.is_some() { tags } else { digests });
        names
    }

    /// The digests of the manifest and of the index, and what the id is the digest of.
    fn digests(&mut self, loc: Loc, at: At<'_>, id: Option<&str>) -> Digests {
        let descriptor = at.get("Descriptor");
        let is_index = descriptor.get("mediaType").text().is_some_and(|media_type| {
            media_type.contains("image.index") || media_type.contains("manifest.list")
        });
        let described = descriptor.get("digest");
        if let Some(digest) = described.filled() {
            let field = if is_index { "index_digest" } else { "digest" };
            self.place(loc, field, described);
            let kind = if is_index { "index" } else { "manifest" };
            let mut digests = Digests {
                id_kind: Some(kind).filter(|_| id == Some(digest)),
                ..Digests::default()
            };
            if is_index {
                digests.index = Some(Nullable::Value(digest.to_owned()));
            } else {
                digests.manifest = Some(digest.to_owned());
            }
            return digests;
        }
        // Podman says it plainly.
        let podman = at.get("Digest");
        if let Some(digest) = podman.filled() {
            self.place(loc, "digest", podman);
            let manifest = Some(digest.to_owned());
            return Digests { manifest, id_kind: Some("config"), index: None };
        }
        // What was pulled may have been an index or a manifest: the digests of `RepoDigests` do not
        // say. With the containerd store the id is one of them, with others the configuration's.
        let mut pulled = at.get("RepoDigests").items().filter_map(At::text);
        let same = pulled.any(|text| id.is_some_and(|id| text.ends_with(id)));
        let any = at.get("RepoDigests").items().next().is_some();
        let id_kind = Some("config").filter(|_| any && !same && id.is_some());
        Digests { id_kind, ..Digests::default() }
    }

    fn image_config(
        &mut self,
        parent: Loc,
        at: At<'_>,
        descriptor: At<'_>,
        windows: bool,
    ) -> ImageConfig {
        let loc = self.object(parent, at);
        self.place(parent, "config", at);
        let mut owner = Owner::new(loc);
        let user = at.omittable("User");
        self.place(loc, "user", user);
        let entrypoint = self.command(&mut owner, "entrypoint", at.omittable("Entrypoint"));
        let cmd = self.command(&mut owner, "cmd", at.omittable("Cmd"));
        let oci = descriptor.get("mediaType").text().is_some_and(|it| it.contains(".oci."));
        let healthcheck = self.healthcheck(loc, at.omittable("Healthcheck"), "image");
        ImageConfig {
            loc,
            user: self.user(loc, user, "image", Unset::Default, windows),
            env: self.environment(&mut owner, "env", at.omittable("Env"), "image"),
            exposed_ports: self.exposed_ports(
                &mut owner,
                "exposed_ports",
                at.omittable("ExposedPorts"),
            ),
            volumes: self.volume_paths(&mut owner, at.omittable("Volumes")),
            entrypoint_form: form(&owner, "entrypoint", &entrypoint),
            entrypoint,
            cmd_form: form(&owner, "cmd", &cmd),
            cmd,
            working_dir: self.string_field(loc, "working_dir", at.omittable("WorkingDir")),
            labels: self.labels(&mut owner, "labels", at.omittable("Labels")),
            stop_signal: self.stop_signal(loc, at.omittable("StopSignal")),
            healthcheck_supported: !oci || matches!(&healthcheck, Some(Nullable::Value(_))),
            healthcheck,
            shell: self.words(&mut owner, "shell", at.omittable("Shell")),
            onbuild: self.arguments(&mut owner, "onbuild", at.omittable("OnBuild")),
            incomplete: owner.incomplete,
        }
    }

    fn volume_paths(&mut self, owner: &mut Owner, at: At<'_>) -> Vec<Argument> {
        let entries = self.map_field(owner, "volumes", at);
        let paths = entries.into_iter().map(|(key, value)| {
            let loc = self.object(owner.loc, value.shown_at(key.span));
            Argument { loc, text: key.text.clone() }
        });
        paths.collect()
    }

    /// A name or a number; podman writes numbers.
    fn stop_signal(&mut self, loc: Loc, at: At<'_>) -> Known<String> {
        self.place(loc, "stop_signal", at);
        match &at.node?.value {
            crate::yaml::Value::Int(number) => Some(Nullable::Value(number.to_string())),
            _ => self.string(at),
        }
    }

    fn base(&mut self, parent: Loc, labels: &[Label], annotations: &[Label]) -> Base {
        let named = |labels: &[Label]| {
            let it = labels.iter().find(|label| label.key.as_deref() == Some(BASE_NAME))?;
            let name = it.value.clone().filter(|name| !name.is_empty())?;
            Some((self.places.place(it.loc)?, name))
        };
        let (found, evidence, all) = match (named(annotations), named(labels)) {
            (Some(found), _) => (Some(found), "annotation", annotations),
            (None, Some(found)) => (Some(found), "label", labels),
            (None, None) => (None, "unknown", labels),
        };
        let place = found.as_ref().map(|(place, _)| place.clone()).or(self.places.place(parent));
        let loc = match place {
            Some(place) => self.places.object_at(Some(parent), &place),
            None => parent,
        };
        let mut base = Base {
            loc,
            raw: "unknown".into(),
            kind: None,
            name: None,
            familiar: None,
            tag: None,
            digest: None,
            chain: Vec::new(),
            evidence: evidence.into(),
        };
        let Some((_, raw)) = found else { return base };
        if raw == "scratch" {
            base.kind = Some("scratch".into());
        } else if let Ok(parsed) = Reference::parse_normalized(&raw) {
            base.kind = Some("image".into());
            let registry = parsed.canonical_registry().unwrap_or_default();
            base.name = Some(format!("{registry}/{}", parsed.repository()));
            base.familiar = Some(parsed.familiar_name());
            base.tag = Some(parsed.tag().map(str::to_owned).into());
            let digest = parsed.digest().map(|digest| digest.as_str().to_owned());
            let digest = digest.or(value_of(all, &[BASE_DIGEST]).map(str::to_owned));
            base.digest = Some(digest.into());
            self.base_reference(parent, &base, &raw);
        }
        base.raw = raw;
        base
    }

    /// The base among the references.
    fn base_reference(&mut self, parent: Loc, base: &Base, raw: &str) {
        let Some(place) = self.places.place(base.loc) else { return };
        let loc = self.places.object_at(Some(parent), &place);
        let mut reference = named::unresolved(loc, "base", raw);
        reference.shipped = true;
        reference.text = Some(raw.to_owned());
        reference.stage_index = Some(Nullable::Null);
        named::resolve(&mut reference, raw);
        reference.digest.clone_from(&base.digest);
        self.references.push(reference);
    }

    fn platform(&mut self, loc: Loc, at: At<'_>) -> Option<Platform> {
        let mut part = |key: &str| {
            self.string(at.get(key)).and_then(|text| text.value().map(|it| it.to_ascii_lowercase()))
        };
        let (os, architecture, variant) = (part("Os")?, part("Architecture")?, part("Variant"));
        self.place(loc, "platform", at.get("Architecture"));
        Some(Platform { os, architecture, variant: variant.into() })
    }

    fn layers(&mut self, owner: &mut Owner, at: At<'_>) -> Vec<Layer> {
        let mut layers = Vec::new();
        for item in self.list_field(owner, "layers", at) {
            let Some(text) = item.text() else {
                self.wrong(item, "a digest");
                owner.incomplete("layers");
                continue;
            };
            layers.push(Layer {
                loc: self.object(owner.loc, item),
                index: u32::try_from(layers.len()).unwrap_or(u32::MAX),
                digest: None,
                diff_id: Some(text.to_owned()),
                media_type: None,
                size_bytes: None,
                unpacked_bytes: None,
                history_index: None,
                available: false,
            });
        }
        layers
    }

    fn size(&mut self, loc: Loc, at: At<'_>) -> Option<u64> {
        let size = at.get("Size");
        self.place(loc, "size_bytes", size);
        self.integer(size).and_then(|size| size.value().and_then(|&it| u64::try_from(it).ok()))
    }

    fn unknown_files(&mut self, parent: Loc, at: At<'_>) -> ImageFiles {
        let loc = self.object(parent, at);
        ImageFiles::unknown(loc)
    }

    /// Manifests of statements, when `--platform` or `manifests=1` asked for manifests.
    fn attestations(&mut self, owner: &mut Owner, at: At<'_>) -> Vec<Attestation> {
        let manifests = at.get("Manifests");
        if manifests.node.is_none() {
            owner.incomplete("attestations");
        }
        let mut attestations = Vec::new();
        for item in manifests.items() {
            let digest = item.get("Descriptor").get("digest").filled();
            let digest_at = item.get("ID");
            let Some(digest) = digest_at.filled().or(digest) else { continue };
            if item.get("Kind").text() == Some("attestation") {
                attestations.push(Attestation {
                    loc: self.object(owner.loc, item.shown_at(digest_at.span)),
                    predicate_type: None,
                    builder_id: None,
                    digest: digest.to_owned(),
                });
            }
        }
        attestations
    }
}

/// What digests an image has.
#[derive(Debug, Default)]
struct Digests {
    manifest: Option<String>,
    index: Known<String>,
    id_kind: Option<&'static str>,
}

/// The start of an id that people know it by.
fn short(id: Option<&str>) -> Option<String> {
    let digits = id?.trim_start_matches("sha256:");
    Some(digits.chars().take(SHORT_ID).collect())
}

/// Whether a time is a fixed one; unknown when there is none.
fn reproducible(created: &Nullable<String>) -> Option<bool> {
    let year: u32 = created.value()?.get(..4)?.parse().ok()?;
    Some(year < FIRST_YEAR)
}

/// `shell` when the first words are those that a shell form is run with.
fn form(owner: &Owner, field: &str, words: &[String]) -> Known<String> {
    if owner.incomplete.iter().any(|known| known == field) {
        return None;
    }
    let [first, second, ..] = words else {
        return Some(words.first().map(|_| "exec".to_owned()).into());
    };
    let option = second.to_ascii_lowercase();
    let shell = first.ends_with("sh") && option == "-c"
        || first.eq_ignore_ascii_case("cmd") && option.starts_with("/s");
    Some(Nullable::Value(if shell { "shell" } else { "exec" }.into()))
}
