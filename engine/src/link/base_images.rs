//! What well-known base images set, from the policy's table `base-images`.

use plimsoll_sdk::facts::{Container, Facts, Healthcheck, Image, Stage, User};
use plimsoll_sdk::{Loc, Nullable};
use serde::Deserialize;

use super::adopt;
use super::tables::{self, is_like};
use crate::bundle::Table;
use crate::diagnostic::Diagnostic;
use crate::document::{Document, PlaceTable};
use crate::notation::reference::DEFAULT_TAG;

/// What is known of base images.
#[derive(Debug, Default)]
pub struct BaseImages {
    rows: Vec<Row>,
}

#[derive(Debug, Deserialize)]
struct Row {
    name: String,
    tag: Option<String>,
    user: Option<String>,
    #[serde(default)]
    healthcheck: bool,
}

#[derive(Deserialize)]
struct RawTable {
    images: Vec<Row>,
}

impl BaseImages {
    /// Reads the table: a list `images` of rows `{name, tag, user, healthcheck}`, where `name` and
    /// `tag` may hold `*`. The first row that fits an image counts.
    pub(super) fn new(table: &Table) -> Result<Self, Diagnostic> {
        let RawTable { images } = tables::read(table)?;
        Ok(BaseImages { rows: images })
    }

    /// The row of an image; none when its tag would decide, and is not known.
    fn find(&self, name: Option<&str>, tag: Tag<'_>) -> Option<&Row> {
        let name = name?;
        let mut rows = self.rows.iter().filter(|row| is_like(&row.name, name));
        let fits = |row: &&Row| match (&row.tag, tag) {
            (None, _) | (_, Tag::Unknown) => true,
            (Some(pattern), Tag::Known(tag)) => is_like(pattern, tag),
        };
        rows.find(fits).filter(|row| row.tag.is_none() || tag != Tag::Unknown)
    }

    /// Fills in what the images of containers set that are not here. What is built, or joined with
    /// its image, has that from there.
    pub(super) fn fill_in_container(&self, container: &mut Container, places: &mut PlaceTable) {
        let image = &container.image;
        if image.build != Nullable::Null || image.linked != Nullable::Null {
            return;
        }
        let tag = Tag::of(image.tag.as_ref(), image.digest.as_ref());
        let Some(row) = self.find(image.name.as_deref(), tag) else { return };
        let user = &mut container.user;
        if let Some(text) = &row.user
            && user.from == "unknown"
            && user.raw == Nullable::Null
            && user.is_root.is_none()
        {
            write_user(user, text);
        }
        if row.healthcheck && container.healthcheck.is_none() {
            let loc = adopt::at(container.loc, image.loc, places);
            container.healthcheck = Some(Nullable::Value(healthcheck(loc)));
        }
    }

    /// Fills in what the bases of a document's stages and images set.
    pub(super) fn fill_in(&self, document: &mut Document) {
        let Facts { images, references, build, .. } = &mut document.facts;
        if let Some(build) = build {
            for index in 0..build.stages.len() {
                let root = root(&build.stages, index);
                let row = root.and_then(|root| references.get(root)).and_then(|base| {
                    self.find(
                        base.name.as_deref(),
                        Tag::of(base.tag.as_ref(), base.digest.as_ref()),
                    )
                });
                if let Some(user) = row.and_then(|row| row.user.as_deref()) {
                    set_user(&mut build.stages[index].user, user);
                }
            }
        }
        // An image that was built says for itself what its base set.
        for image in images.iter_mut().filter(|image| image.source_type == "dockerfile") {
            let base = &mut image.base;
            let tag = Tag::of(base.tag.as_ref(), base.digest.as_ref());
            // Of a base that is known in part, more may be unknown than the table says.
            let row = self.find(base.name.as_deref(), tag).filter(|_| base.kind.is_some());
            let Some(row) = row else { continue };
            base.evidence = "table".into();
            if let Some(user) = &row.user {
                set_user(&mut image.config.user, user);
            }
            if row.healthcheck {
                set_healthcheck(image, &mut document.places);
            }
        }
    }
}

/// What is known of an image's tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tag<'t> {
    Known(&'t str),
    /// It depends on a variable, or only a digest says which it is.
    Unknown,
}

impl<'t> Tag<'t> {
    fn of(tag: Option<&'t Nullable<String>>, digest: Option<&Nullable<String>>) -> Self {
        match (tag, digest) {
            (Some(Nullable::Value(tag)), _) => Tag::Known(tag),
            (Some(Nullable::Null), Some(Nullable::Null)) => Tag::Known(DEFAULT_TAG),
            _ => Tag::Unknown,
        }
    }
}

/// The index of the reference that a stage's lineage begins with.
fn root(stages: &[Stage], mut index: usize) -> Option<usize> {
    // A stage is only ever built on an earlier one, so this ends.
    while let Some(parent) = stages[index].parent.as_ref()?.value() {
        index = *parent as usize;
    }
    Some(stages[index].base as usize)
}

fn set_user(user: &mut User, text: &str) {
    if user.from == "assumed" {
        write_user(user, text);
    }
}

fn write_user(user: &mut User, text: &str) {
    let name = text.split(':').next().unwrap_or(text);
    let number = name.parse::<u32>().ok();
    user.from = "table".into();
    user.text = Some(Nullable::Value(text.to_owned()));
    user.uid = number.map(Nullable::Value);
    user.name = Some(number.is_none().then(|| name.to_owned()).into());
    user.is_root = Some(name == "root" || number == Some(0));
}

fn set_healthcheck(image: &mut Image, places: &mut PlaceTable) {
    if image.config.healthcheck != Some(Nullable::Null) {
        return;
    }
    let span = places.place(image.base.loc).map(|place| place.span).unwrap_or_default();
    let loc = places.object(Some(image.config.loc), span);
    image.config.healthcheck = Some(Nullable::Value(healthcheck(loc)));
}

/// A health check that an image is known to have, and no more of it.
fn healthcheck(loc: Loc) -> Healthcheck {
    Healthcheck {
        loc,
        disabled: false,
        form: "none".into(),
        test: Vec::new(),
        interval_s: None,
        timeout_s: None,
        start_period_s: None,
        retries: None,
        from: "table".into(),
    }
}

/// Takes back what was taken to be so because the base image is not here.
pub(super) fn forget_assumptions(document: &mut Document) {
    fn forget(user: &mut User) {
        if user.from == "assumed" {
            user.from = "unknown".into();
            (user.text, user.name, user.uid, user.is_root) = (None, None, None, None);
        }
    }
    fn unset<T>(value: &mut Option<Nullable<T>>) {
        value.take_if(|value| value.value().is_none());
    }
    for stage in document.facts.build.iter_mut().flat_map(|build| &mut build.stages) {
        forget(&mut stage.user);
    }
    for image in &mut document.facts.images {
        let config = &mut image.config;
        forget(&mut config.user);
        if !matches!(image.base.evidence.as_str(), "assumed" | "table") {
            continue;
        }
        unset(&mut config.healthcheck);
        let no_entrypoint = config.entrypoint_form == Some(Nullable::Null);
        let no_cmd = config.cmd_form == Some(Nullable::Null);
        unset(&mut config.entrypoint_form);
        unset(&mut config.cmd_form);
        unset(&mut config.working_dir);
        unset(&mut config.stop_signal);
        let always = ["env", "exposed_ports", "labels", "volumes", "onbuild"].map(|f| (f, true));
        let commands = [("entrypoint", no_entrypoint), ("cmd", no_cmd)];
        for (field, _) in always.into_iter().chain(commands).filter(|(_, unknown)| *unknown) {
            if !config.incomplete.iter().any(|known| known == field) {
                config.incomplete.push(field.into());
            }
        }
    }
}
