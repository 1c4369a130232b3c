//! Real indexes, and what Git itself says of patterns.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::*;
use crate::files::MemoryFiles;

/// Three files (`.env`, `a/.env`, `a/b/c.env`) and, but for the first, `n` that is to be added: as
/// Git 2.47 writes them.
const INDEXES: [(u8, &str); 3] = [
    (
        2,
        "4449524300000002000000036b02da65002a15976b02da65002a15970000fe000098c0e5000081a400000000\
     0000000000000002587be6b4c3f93f93c489c0111bba5596147a26cb00042e656e760000000000006b02da65\
     002a15976b02da65002a15970000fe000098c0e6000081a4000000000000000000000002587be6b4c3f93f93\
     c489c0111bba5596147a26cb0006612f2e656e76000000006b02da65002a15976b02da65002a15970000fe00\
     0098c0e7000081a4000000000000000000000002587be6b4c3f93f93c489c0111bba5596147a26cb0009612f\
     622f632e656e760061b2b9cd5e47d63f07a80e2599b88165e656b8e7",
    ),
    (
        3,
        "4449524300000003000000046b02da65002a15976b02da65002a15970000fe000098c0e5000081a400000000\
     0000000000000002587be6b4c3f93f93c489c0111bba5596147a26cb00042e656e760000000000006b02da65\
     002a15976b02da65002a15970000fe000098c0e6000081a4000000000000000000000002587be6b4c3f93f93\
     c489c0111bba5596147a26cb0006612f2e656e76000000006b02da65002a15976b02da65002a15970000fe00\
     0098c0e7000081a4000000000000000000000002587be6b4c3f93f93c489c0111bba5596147a26cb0009612f\
     622f632e656e7600000000000000000000000000000000000000000000000000000081a40000000000000000\
     00000000e69de29bb2d1d6434b8b29ae775ad8c2e48c5391400120006e0000000000000001f6f8b070c8bc5b\
     ca7c0be6a01439711fc46c1e",
    ),
    (
        4,
        "4449524300000004000000046b02da65002a15976b02da65002a15970000fe000098c0e5000081a400000000\
     0000000000000002587be6b4c3f93f93c489c0111bba5596147a26cb0004002e656e76006b02da65002a1597\
     6b02da65002a15970000fe000098c0e6000081a4000000000000000000000002587be6b4c3f93f93c489c011\
     1bba5596147a26cb000604612f2e656e76006b02da65002a15976b02da65002a15970000fe000098c0e70000\
     81a4000000000000000000000002587be6b4c3f93f93c489c0111bba5596147a26cb000904622f632e656e76\
     00000000000000000000000000000000000000000000000000000081a4000000000000000000000000e69de2\
     9bb2d1d6434b8b29ae775ad8c2e48c539140012000096e0004f337a660119266bcbb956b7d788c58c1af8a11",
    ),
];

/// `.env` alone, in a repository of the other kind of object names.
const SHA256: &str = "4449524300000002000000016b02da65063e50366b02da65063e50360000fe000098c106000081a400000000\
     000000000000000214f5162e2fe3d240d0d37aaab0f90e4af9a7cfa79639f3bab005b5bfb4174d9f00042e65\
     6e76000037b22cd604abce363cda93ac3e8d80228d27e712da6dd63b8284ab3c82481ff6";

fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u32> = hex.chars().filter_map(|digit| digit.to_digit(16)).collect();
    digits.chunks(2).map(|pair| (pair[0] * 16 + pair[1]) as u8).collect()
}

fn set(paths: &[&str]) -> BTreeSet<String> {
    paths.iter().map(|path| (*path).to_owned()).collect()
}

/// What is said of each of these files, as a line.
fn said(files: &MemoryFiles, paths: &[&str]) -> String {
    let mut text = String::new();
    for (path, status) in statuses(files, &set(paths)) {
        let word = |known: Option<bool>, yes: &str| match known {
            Some(true) => format!(" {yes}"),
            Some(false) => format!(" not {yes}"),
            None => " ?".to_owned(),
        };
        let (tracked, ignored) = (word(status.tracked, "tracked"), word(status.ignored, "ignored"));
        write!(text, "{path}{tracked}{ignored}; ").unwrap();
    }
    text
}

#[test]
fn every_version_of_the_index_is_read() {
    for (version, hex) in INDEXES {
        let files = MemoryFiles::default()
            .with(".git/HEAD", "ref: refs/heads/main\n")
            .with(".git/index", bytes(hex));
        assert_eq!(
            said(&files, &[".env", "a/.env", "a/b/c.env", "c.env"]),
            ".env tracked not ignored; a/.env tracked not ignored; \
             a/b/c.env tracked not ignored; c.env not tracked not ignored; ",
            "version {version}"
        );
        let added = statuses(&files, &set(&["n"]))["n"].tracked;
        assert_eq!(added, Some(version > 2), "version {version}");
    }
}

#[test]
fn names_of_objects_may_be_longer() {
    let config = "[core]\n\tbare = false\n[extensions]\n\tobjectFormat = sha256\n";
    let files = MemoryFiles::default().with(".git/HEAD", "x").with(".git/index", bytes(SHA256));
    // Taken for the other kind, there is no end to a name.
    assert_eq!(statuses(&files, &set(&[".env"]))[".env"].tracked, None);
    let files = files.with(".git/config", config);
    assert_eq!(
        said(&files, &[".env", "x"]),
        ".env tracked not ignored; x not tracked not ignored; "
    );
}

#[test]
fn an_index_that_is_written_is_read() {
    let paths: Vec<String> = (0..20).map(|at| "x".repeat(at + 1)).collect();
    let all: BTreeSet<String> = paths.iter().cloned().collect();
    let found = index::find(&index::write(&all), index::SHA1_LEN, &all).unwrap();
    assert!(paths.iter().all(|path| found.has(path) == Some(true)));
    assert_eq!(found.has("y"), Some(false));
}

#[test]
fn a_part_of_an_index_says_nothing_of_what_it_lacks() {
    let mut bytes = index::write(&set(&[".env"]));
    let end = bytes.len() - index::SHA1_LEN;
    for (extension, known) in [(b"TREE\0\0\0\x02ab", Some(false)), (b"link\0\0\0\x02ab", None)] {
        bytes.splice(end..end, *extension);
        let found = index::find(&bytes, index::SHA1_LEN, &set(&[".env", "a"])).unwrap();
        assert_eq!(found.has(".env"), Some(true));
        assert_eq!(found.has("a"), known);
    }
}

#[test]
fn damaged_indexes_are_survived() {
    for (version, hex) in INDEXES {
        let whole = bytes(hex);
        let wanted = set(&[".env"]);
        for end in 0..whole.len() {
            let _ = index::find(&whole[..end], index::SHA1_LEN, &wanted);
        }
        for at in 0..whole.len() {
            for value in [0, 1, 0x7f, 0x80, 0xff] {
                let mut damaged = whole.clone();
                damaged[at] = value;
                let _ = index::find(&damaged, index::SHA1_LEN, &wanted);
            }
        }
        assert!(index::find(&whole[..100], index::SHA1_LEN, &wanted).is_none(), "{version}");
    }
    let mut later = index::write(&set(&["a"]));
    later[7] = 5;
    assert!(index::find(&later, index::SHA1_LEN, &set(&["a"])).is_none());
    assert!(index::find(b"PACK\0\0\0\x02\0\0\0\0", index::SHA1_LEN, &set(&["a"])).is_none());
}

#[test]
fn where_the_repository_lies() {
    let index = index::write(&set(&[".env"]));
    let files = MemoryFiles::default()
        .with("own/.git/HEAD", "x")
        .with("own/.git/index", index.clone())
        .with("own/sub/.git", "gitdir: ../.git/modules/sub\n")
        .with("own/.git/modules/sub/HEAD", "x")
        .with("own/.git/modules/sub/index", index.clone())
        .with("linked/.git", "gitdir: ../own/.git/worktrees/linked\n")
        .with("own/.git/worktrees/linked/HEAD", "x")
        .with("own/.git/worktrees/linked/commondir", "../..\n")
        .with("own/.git/info/exclude", "mine\n")
        .with("elsewhere/.git", "gitdir: /srv/git/worktrees/elsewhere\n")
        .with("above/.git", "gitdir: ../../git\n")
        .with("garbage/.git", "x")
        .with("empty/.git/HEAD", "x")
        .with("broken/.git/HEAD", "x")
        .with("broken/.git/index", "DIRC")
        .with("bare/.git/config", "x");
    for (path, want) in [
        ("own/.env", "tracked not ignored"),
        ("own/deep/er/.env", "not tracked not ignored"),
        ("own/sub/.env", "tracked not ignored"),
        ("own/mine", "not tracked ignored"),
        ("own/sub/mine", "not tracked not ignored"),
        ("linked/.env", "not tracked not ignored"),
        ("linked/mine", "not tracked ignored"),
        ("elsewhere/.env", "? ?"),
        ("above/.env", "? ?"),
        ("garbage/.env", "? ?"),
        ("empty/.env", "not tracked not ignored"),
        ("broken/.env", "? not ignored"),
        ("bare/.env", "? ?"),
        (".env", "? ?"),
    ] {
        assert_eq!(said(&files, &[path]), format!("{path} {want}; "));
    }
}

#[test]
fn patterns_mean_what_git_says() {
    // As `git check-ignore --no-index` has it.
    #[allow(clippy::type_complexity)]
    let cases: &[(&[(&str, &str)], &str, bool)] = &[
        (&[(".gitignore", ".env\n")], ".env", true),
        (&[(".gitignore", ".env\n")], "a/.env", true),
        (&[(".gitignore", "/.env\n")], "a/.env", false),
        (&[(".gitignore", "*.env\n!prod.env\n")], "prod.env", false),
        (&[(".gitignore", "*.env\n!prod.env\n")], "dev.env", true),
        (&[(".gitignore", "a/\n!a/.env\n")], "a/.env", true),
        (&[(".gitignore", "a/*\n!a/.env\n")], "a/.env", false),
        (&[(".gitignore", ".env\n"), ("a/.gitignore", "!.env\n")], "a/.env", false),
        (&[(".gitignore", "!.env\n"), ("a/.gitignore", ".env\n")], "a/.env", true),
        (&[("a/.gitignore", "/.env\n")], "a/.env", true),
        (&[("a/.gitignore", "/.env\n")], "a/b/.env", false),
        (&[("a/.gitignore", "a/.env\n")], "a/.env", false),
        (&[(".git/info/exclude", ".env\n")], "a/.env", true),
        (&[(".git/info/exclude", ".env\n"), (".gitignore", "!.env\n")], ".env", false),
        (&[(".gitignore", ".env/\n")], ".env", false),
        (&[(".gitignore", "# .env\n\\#x\n")], ".env", false),
        (&[(".gitignore", ".env  \r\n")], ".env", true),
        (&[(".gitignore", "\u{feff}.env\n")], ".env", true),
        (&[(".gitignore", ".env{,.local}\n")], ".env.local", false),
        (&[(".gitignore", "**/secrets/*.env\n")], "x/secrets/a.env", true),
        (&[(".gitignore", "a/**\n")], "a/b/.env", true),
        (&[(".gitignore", ".env.*\n!.env.example\n")], ".env.example", false),
        (&[(".gitignore", "[.]env\n")], ".env", true),
        (&[(".gitignore", ".ENV\n")], ".env", false),
        (&[(".gitignore", "a\n")], "a/b/.env", true),
        (&[(".gitignore", "b/.env\n")], "a/b/.env", false),
        (&[(".gitignore", "?env\n")], ".env", true),
        (&[(".gitignore", "*\n!*/\n!.gitignore\n")], "a/.env", true),
        (&[], ".env", false),
    ];
    for (patterns, path, want) in cases {
        let files = MemoryFiles::default().with(".git/HEAD", "x");
        let files = patterns.iter().fold(files, |files, (name, text)| files.with(*name, *text));
        let ignored = statuses(&files, &set(&[path]))[*path].ignored;
        assert_eq!(ignored, Some(*want), "{path} with {patterns:?}");
    }
}

#[test]
fn too_much_is_not_known() {
    let files = MemoryFiles::default().with(".git/HEAD", "x");
    let ignored = |text: String, path: &str| {
        let files = files.clone().with(".gitignore", text);
        statuses(&files, &set(&[path]))[path].ignored
    };
    assert_eq!(ignored("#\n".repeat(9_000) + "a\n", "a"), Some(true));
    assert_eq!(ignored("#\n".repeat(20_000), "a"), None);
    assert_eq!(ignored(" ".repeat(200_000), "a"), None);
    assert_eq!(ignored(String::new(), &"a/".repeat(63)), Some(false));
    assert_eq!(ignored(String::new(), &"a/".repeat(64)), None);
}
