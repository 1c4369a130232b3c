//! Plugins: files that the configuration names, and the code that they were compiled to before.

use std::path::Path;

use plimsoll_engine::config::PluginSetting;
use plimsoll_engine::diagnostic::Diagnostic;
use plimsoll_engine::engine::vocabulary;
use plimsoll_engine::evaluate::wasm::{CodeCache, Limits};
use plimsoll_engine::files::{DiskFiles, FileError, Files};
use plimsoll_engine::{Plugin, PluginOptions};
use plimsoll_plugin_build::user_cache;

use crate::inputs::shown;

/// Where compiled code is kept; `None` where the user wants that not, or has no folder for such things.
pub(crate) fn cache(no_cache: bool) -> Option<CodeCache> {
    if no_cache { None } else { user_cache().map(CodeCache::at) }
}

/// Loads the plugin that a configuration in `folder` names.
///
/// # Errors
///
/// When it cannot be read, and everything that is wrong with it.
pub(crate) fn open(
    setting: &PluginSetting,
    folder: &Path,
    cache: Option<&CodeCache>,
) -> Result<Plugin, Vec<Diagnostic>> {
    let options = PluginOptions {
        limits: Limits::of(&setting.limits),
        digest: setting.digest.as_ref().map(|digest| digest.value.clone()),
        digest_place: setting.digest.as_ref().map(|digest| digest.place.clone()),
        ..PluginOptions::default()
    };
    let opened = open_file(&folder.join(&setting.path.value), options, cache);
    // What is wrong with the file points to where it is named.
    opened.map_err(|problems| {
        let placed = |problem: Diagnostic| match problem.labels.is_empty() {
            true => problem.at(setting.path.place.clone()),
            false => problem,
        };
        problems.into_iter().map(placed).collect()
    })
}

/// Loads the plugin in a file, with its pages.
///
/// # Errors
///
/// When it cannot be read, and everything that is wrong with it.
pub(crate) fn open_file(
    path: &Path,
    options: PluginOptions,
    cache: Option<&CodeCache>,
) -> Result<Plugin, Vec<Diagnostic>> {
    let shown = shown(path);
    let one = |message: String| vec![Diagnostic::error(message)];
    let missing = || one(format!("there is no plugin `{shown}`"));
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
        return Err(missing());
    };
    if path.is_dir() {
        let help = format!("name the file, `{shown}/….wasm`");
        let message = format!("the plugin `{shown}` is a folder");
        return Err(vec![Diagnostic::error(message).help(help)]);
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let files = DiskFiles::open(folder.unwrap_or(Path::new("."))).map_err(|error| match error {
        FileError::NotFound => missing(),
        other => one(format!("cannot read the plugin `{shown}`: {other}")),
    })?;
    open_in(&files, name, &shown, options, cache)
}

/// Loads the plugin `name` of a folder, with its pages; the user knows it as `shown`.
///
/// # Errors
///
/// As [`open_file`].
pub(crate) fn open_in(
    files: &dyn Files,
    name: &str,
    shown: &str,
    options: PluginOptions,
    cache: Option<&CodeCache>,
) -> Result<Plugin, Vec<Diagnostic>> {
    let options = PluginOptions { cache: cache.cloned(), ..options };
    Plugin::open(files, name, shown, &options, &vocabulary())
}
