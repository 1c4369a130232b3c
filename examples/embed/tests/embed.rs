//! Runs the program: what it says of a good, a bad and a broken Dockerfile.

use std::io::Write;
use std::process::{Command, Stdio};

fn embed(dockerfile: &str) -> (Option<i32>, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_embed"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("its standard input");
    stdin.write_all(dockerfile.as_bytes()).expect("it reads");
    drop(stdin);
    let output = child.wait_with_output().expect("it ends");
    (output.status.code(), String::from_utf8(output.stdout).expect("it prints text"))
}

#[test]
fn a_root_user_is_refused() {
    let (code, said) = embed("FROM alpine:3.22.2\nCOPY app /app\nENTRYPOINT [\"/app\"]\n");
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("[image/root-user]") && said.ends_with("failed\n"), "{said}");
}

#[test]
fn a_good_one_is_built() {
    let text = include_str!("../../shop/payments/Dockerfile");
    let (code, said) = embed(text);
    assert_eq!((code, said.as_str()), (Some(0), "clean\n"));
}

#[test]
fn what_cannot_be_read_is_not_clean() {
    let (code, said) = embed("FROM\n");
    assert_eq!(code, Some(2), "{said}");
    assert!(said.ends_with("incomplete\n"), "{said}");
}
