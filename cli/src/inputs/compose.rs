//! Which compose files of a folder make up a project.
//!
//! As Compose has it: the first default name there is, merged with the first override name there
//! is. Files of other names are projects of their own, or what is merged over the default one: only
//! reading them tells.
//!
//! <https://docs.docker.com/compose/intro/compose-application-model/#the-compose-file>

/// The names that Compose looks for, in its order.
const DEFAULT: [&str; 4] =
    ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];

/// The names of what it merges over the default file, in its order.
const OVERRIDE: [&str; 4] = [
    "compose.override.yml",
    "compose.override.yaml",
    "docker-compose.override.yml",
    "docker-compose.override.yaml",
];

/// Files that are read as one project, as indices.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Project {
    /// The file that gives the document its name.
    pub(super) main: usize,
    /// What is merged over it.
    pub(super) overlay: Option<usize>,
    /// The default file, over which the main one is merged should it make no project by itself.
    pub(super) base: Option<usize>,
}

/// Groups the compose files of one folder.
pub(super) fn projects(names: &[&str]) -> Vec<Project> {
    let first =
        |known: &[&str]| known.iter().find_map(|known| names.iter().position(|name| name == known));
    let base = first(&DEFAULT);
    let overlay = first(&OVERRIDE).filter(|_| base.is_some());
    let whole = base.map(|main| Project { main, overlay, base: None });
    let others = (0..names.len()).filter(|&at| Some(at) != base && Some(at) != overlay);
    whole.into_iter().chain(others.map(|main| Project { main, overlay: None, base })).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn projects_are_those_of_compose() {
        let alone = |main, base| Project { main, overlay: None, base };
        assert_eq!(projects(&["a.compose.yaml"]), [alone(0, None)]);
        assert_eq!(
            projects(&["compose.override.yml", "compose.prod.yaml", "compose.yaml"]),
            [Project { main: 2, overlay: Some(0), base: None }, alone(1, Some(2))]
        );
        assert_eq!(
            projects(&["compose.yml", "docker-compose.override.yml", "docker-compose.yml"]),
            [Project { main: 0, overlay: Some(1), base: None }, alone(2, Some(0))]
        );
        assert_eq!(projects(&["compose.override.yml"]), [alone(0, None)]);
    }
}
