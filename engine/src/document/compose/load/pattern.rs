//! Where in a project a value stands, and patterns of such places.

/// The keys from the root to a value; a list's items are all `[]`.
#[derive(Clone, Debug, Default)]
pub(super) struct KeyPath {
    keys: Vec<String>,
}

impl KeyPath {
    pub(super) fn new<const N: usize>(keys: [&str; N]) -> Self {
        KeyPath { keys: keys.map(str::to_owned).to_vec() }
    }

    /// Runs something one key deeper.
    pub(super) fn inside<T>(&mut self, key: &str, run: impl FnOnce(&mut Self) -> T) -> T {
        self.keys.push(key.to_owned());
        let result = run(self);
        self.keys.pop();
        result
    }

    /// Whether this is a place of a pattern: `services.*.build.args`, where `*` is any one key, and
    /// a job is a service.
    pub(super) fn matches(&self, pattern: &str) -> bool {
        let mut parts = pattern.split('.');
        let mut keys = self.keys.iter().enumerate();
        loop {
            match (keys.next(), parts.next()) {
                (None, None) => return true,
                (Some((at, key)), Some(part))
                    if part == "*"
                        || key == part
                        || at == 0 && part == "services" && key == "jobs" => {}
                _ => return false,
            }
        }
    }

    /// Whether this is below a key of the root.
    pub(super) fn is_below(&self, key: &str) -> bool {
        self.keys.first().is_some_and(|first| first == key)
    }

    /// The last key.
    pub(super) fn last(&self) -> &str {
        self.keys.last().map(String::as_str).unwrap_or_default()
    }

    /// The keys, with dots between them.
    pub(super) fn dotted(&self) -> String {
        self.keys.join(".")
    }
}
