use proptest::prelude::*;

use super::*;

#[test]
fn what_add_does_with_a_source() {
    let cases = [
        ("https://example.com/a.tar.gz", true, false),
        ("http://example.com/", true, false),
        ("HTTP://example.com/", false, false),
        ("https://example.com/a.git", false, true),
        ("https://example.com/a.git#v1:sub", false, true),
        ("https://example.com/a.git?nonsense=1", false, true),
        ("https://example.com/a.git/b", true, false),
        ("https://exa mple.com/a.git", true, false),
        ("HTTPS://example.com/a.git", false, true),
        ("git@github.com:moby/buildkit", false, true),
        ("git://example.com/a", false, true),
        ("ssh://git@example.com:22/a", false, true),
        ("ftp://example.com/a.git", false, false),
        ("github.com/moby/buildkit", false, false),
        ("a.git", false, false),
        ("./a:b", false, false),
        ("src/a:b", false, false),
        ("C:/a", false, false),
        (".", false, false),
        ("", false, false),
    ];
    for (source, url, git) in cases {
        assert_eq!((is_url(source), is_git(source)), (url, git), "{source}");
    }
}

#[test]
fn options_of_a_url() {
    let url = GitUrl::parse(
        "https://u:p@example.com:8443/a%20b/c.git?checksum=abc&submodules=0&keep-git-dir&subdir=/d",
    )
    .unwrap();
    assert_eq!(
        url,
        GitUrl {
            remote: "https://u:p@example.com:8443/a%20b/c.git".into(),
            short_name: "c".into(),
            reference: Some("abc".into()),
            checksum: Some("abc".into()),
            subdirectory: Some("/d".into()),
            submodules: Some(false),
            keep_git_dir: Some(true),
            ..GitUrl::default()
        }
    );
    let url = GitUrl::parse("https://example.com/c.git#a%20b:d%3Ae").unwrap();
    assert_eq!(url.reference.as_deref(), Some("a b"));
    assert_eq!(url.subdirectory.as_deref(), Some("d:e"));
    assert_eq!(GitUrl::parse("https://e.com/c d.git").unwrap().remote, "https://e.com/c%20d.git");
    assert!(GitUrl::parse("http://e.com/c.git").unwrap().unencrypted);
    assert!(GitUrl::parse("github.com/a/b").unwrap().like_local_path);
}

#[test]
fn queries_that_are_refused() {
    let cases = [
        ("?ref=", QueryError::NoValue("ref".into())),
        ("?ref=a&ref=a", QueryError::MultipleValues("ref".into())),
        ("?ref=a#b", QueryError::ReferenceConflict("b".into(), "a".into())),
        ("?tag=a#a", QueryError::ReferenceConflict("a".into(), "refs/tags/a".into())),
        ("?subdir=a#:b", QueryError::SubdirectoryConflict("b".into(), "a".into())),
        ("?submodules=x", QueryError::InvalidValue("submodules".into(), "x".into())),
    ];
    for (query, error) in cases {
        for remote in ["https://e.com/c.git", "git@e.com:c.git", "github.com/a/c"] {
            let text = format!("{remote}{query}");
            assert_eq!(GitUrl::parse(&text), Err(GitUrlError::Query(error.clone())), "{text}");
        }
    }
    assert!(GitUrl::parse("https://e.com/c.git?ref=b#b").is_ok());
    assert!(GitUrl::parse("https://e.com/c.git?tag=refs/tags/a#refs/tags/a").is_ok());
}

proptest! {
    #[test]
    fn arbitrary_text_never_panics(
        text in "\\PC*|(https|git|ssh)://[a%:@/.?#&=é\\[\\]-]{0,16}\\.git[a%:?#&=]{0,8}|[a@.:/-]{0,10}",
    ) {
        prop_assert!(!(is_url(&text) && is_git(&text)));
        if let Ok(url) = GitUrl::parse(&text) {
            prop_assert_eq!(url.short_name.contains('/'), false);
            let again = GitUrl::parse(&url.remote).unwrap();
            prop_assert_eq!(again.remote, url.remote);
        }
    }
}
