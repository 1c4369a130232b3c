//! Inputs that want too much.

use std::fmt::Write as _;

use super::*;
use crate::files::DiskFiles;

fn memory(files: impl IntoIterator<Item = (String, String)>) -> Arc<dyn Files> {
    Arc::new(files.into_iter().fold(MemoryFiles::default(), |m, (path, text)| m.with(path, text)))
}

/// The one error of a project, and the project.
fn error(files: Arc<dyn Files>, text: &str) -> (String, Loaded) {
    let loaded = load_from(files, "compose.yaml", text, ComposeOptions::default());
    let errors: Vec<_> = problems(&loaded).into_iter().filter(|p| p.starts_with("error")).collect();
    assert_eq!(errors.len(), 1, "{errors:?}");
    (errors[0].clone(), loaded)
}

#[test]
fn a_file_may_be_so_large_and_no_larger() {
    let large = "x".repeat(50 << 20);
    let files = memory([("big.yaml".to_owned(), large.clone())]);
    let text = "include: [big.yaml]\nservices: {a: {image: x}}\n";
    let (message, _) = error(files, text);
    assert!(message.contains("cannot read `big.yaml`: it is larger than"), "{message}");
    let (message, _) = error(memory([]), &large);
    assert!(message.contains("cannot read `compose.yaml`: it is larger than"), "{message}");
}

#[test]
fn aliases_do_not_multiply_without_end() {
    let mut text = String::from("x-0: &a0 [x, x]\n");
    for level in 1..40 {
        let before = level - 1;
        let _ = writeln!(text, "x-{level}: &a{level} [*a{before}, *a{before}]");
    }
    let (message, _) = error(memory([]), &text);
    assert!(message.contains("too large"), "{message}");
}

#[test]
fn nesting_is_bounded() {
    let text = format!("services: {}{}\n", "[".repeat(5_000), "]".repeat(5_000));
    let (message, _) = error(memory([]), &text);
    assert!(message.contains("nested more than"), "{message}");
}

#[test]
fn thousands_of_includes_are_too_many() {
    let names = (0..5_000).map(|n| format!("{n}.yaml"));
    let files = names.clone().map(|n| (n, "services: {a: {image: x}}\n".to_owned()));
    let text = format!("include: [{}]\n", names.collect::<Vec<_>>().join(", "));
    let (message, loaded) = error(memory(files), &text);
    assert!(message.contains("more than 1000 files"), "{message}");
    assert_eq!(texts(&loaded, &["services.a.image"]), ["x"]);
}

#[test]
fn including_twice_at_every_level_is_not_exponential() {
    let files = (0..40).map(|n| {
        let next = n + 1;
        (
            format!("{n}.yaml"),
            format!("include: [{next}.yaml, ./{next}.yaml]\nservices: {{s{n}: {{image: x}}}}\n"),
        )
    });
    let last = ("40.yaml".to_owned(), "services: {s: {image: x}}\n".to_owned());
    let (message, _) = error(memory(files.chain([last])), "include: [0.yaml]\n");
    assert!(message.contains("more than 1000 files"), "{message}");
}

#[test]
fn a_long_row_of_includes_is_cut() {
    let files = (0..200).map(|n| {
        (
            format!("{n}.yaml"),
            format!("include: [{}.yaml]\nservices: {{s{n}: {{image: x}}}}\n", n + 1),
        )
    });
    let (message, _) = error(memory(files), "include: [0.yaml]\n");
    assert!(message.contains("more than 50 files include one another"), "{message}");
}

#[test]
fn a_long_row_of_extends_is_cut() {
    let mut text = String::from("services:\n");
    for n in 0..3_000 {
        let _ = writeln!(text, "  s{n}: {{image: x, extends: s{}}}", n + 1);
    }
    text.push_str("  s3000: {image: x}\n");
    let (loaded, message) = {
        let loaded = load_from(memory([]), "compose.yaml", &text, ComposeOptions::default());
        let message = problems(&loaded).join("\n");
        (loaded, message)
    };
    assert!(message.contains("more than 100 services extend one another"), "{message}");
    assert!(loaded.problems.len() <= MAX_PROBLEMS + 1);
}

#[test]
fn services_do_not_grow_without_end() {
    // Each service repeats what all before it have: quadratic, and more than anybody needs.
    let mut text = String::from("services:\n  s0: {image: x}\n");
    for n in 1..4_000 {
        let before = n - 1;
        let _ = writeln!(text, "  s{n}: {{extends: s{before}, cap_add: [c{n}a, c{n}b, c{n}c]}}");
    }
    let (message, _) = error(memory([]), &text);
    assert!(message.contains("too large"), "{message}");
}

#[cfg(unix)]
#[test]
fn links_lead_neither_out_nor_in_circles() {
    let folder = std::env::temp_dir().join(format!("plimsoll-compose-{}", std::process::id()));
    let root = folder.join("root");
    std::fs::create_dir_all(&root).unwrap();
    std::fs::write(folder.join("secret.yaml"), "services: {a: {image: secret}}\n").unwrap();
    std::os::unix::fs::symlink("../secret.yaml", root.join("out.yaml")).unwrap();
    std::os::unix::fs::symlink("loop.yaml", root.join("loop.yaml")).unwrap();
    std::os::unix::fs::symlink(".", root.join("self")).unwrap();
    std::fs::write(root.join("ok.yaml"), "services: {ok: {image: x}}\n").unwrap();
    for name in ["out.yaml", "loop.yaml"] {
        let files = Arc::new(DiskFiles::open(&root).unwrap());
        let (message, loaded) = error(files, &format!("include: [{name}, self/ok.yaml]\n"));
        assert!(message.contains(&format!("cannot read `{name}`")), "{message}");
        assert_eq!(texts(&loaded, &["services"]), ["ok"]);
    }
    // Through a link to itself the same file has many names.
    let text = "include: [self/compose.yaml]\n";
    std::fs::write(root.join("compose.yaml"), text).unwrap();
    let files = Arc::new(DiskFiles::open(&root).unwrap());
    let loaded = load_from(files, "compose.yaml", text, ComposeOptions::default());
    assert!(!problems(&loaded).is_empty());
    std::fs::remove_dir_all(&folder).unwrap();
}
