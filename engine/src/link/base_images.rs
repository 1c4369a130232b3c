//! What well-known base images set, from the policy's table `base-images`.

use plimsoll_sdk::Nullable;
use plimsoll_sdk::facts::{Facts, Healthcheck, Image, Stage, User};
use serde::Deserialize;

use super::tables::{self, is_like};
use crate::bundle::Table;
use crate::diagnostic::Diagnostic;
use crate::document::{Document, PlaceTable};

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

    fn find(&self, name: Option<&str>, tag: Option<&str>) -> Option<&Row> {
        let name = name?;
        self.rows.iter().find(|row| {
            let has_tag = |pattern: &String| tag.is_some_and(|tag| is_like(pattern, tag));
            is_like(&row.name, name) && row.tag.as_ref().is_none_or(has_tag)
        })
    }

    /// Fills in what the bases of a document's stages and images set.
    pub(super) fn fill_in(&self, document: &mut Document) {
        let Facts { images, references, build, .. } = &mut document.facts;
        if let Some(build) = build {
            for index in 0..build.stages.len() {
                let root = root(&build.stages, index);
                let row = root
                    .and_then(|root| references.get(root))
                    .and_then(|base| self.find(base.name.as_deref(), tag(base.tag.as_ref())));
                if let Some(user) = row.and_then(|row| row.user.as_deref()) {
                    set_user(&mut build.stages[index].user, user);
                }
            }
        }
        // An image that was built says for itself what its base set.
        for image in images.iter_mut().filter(|image| image.source_type == "dockerfile") {
            let base = &mut image.base;
            let Some(row) = self.find(base.name.as_deref(), tag(base.tag.as_ref())) else {
                continue;
            };
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

fn tag(tag: Option<&Nullable<String>>) -> Option<&str> {
    tag.and_then(Nullable::value).map(String::as_str)
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
    if user.from != "assumed" {
        return;
    }
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
    image.config.healthcheck = Some(Nullable::Value(Healthcheck {
        loc: places.object(Some(image.config.loc), span),
        disabled: false,
        form: "none".into(),
        test: Vec::new(),
        interval_s: None,
        timeout_s: None,
        start_period_s: None,
        retries: None,
        from: "table".into(),
    }));
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
