//! Text in the repository that is generated, or is real output: compared, or blessed.

/// Compares a whole file with what it should be. `PLIMSOLL_BLESS=1` writes it.
///
/// # Panics
///
/// When it is different; the message says where.
pub fn file(path: &str, expected: &str) {
    let on_disk = crate::repository().join(path);
    let actual = std::fs::read_to_string(&on_disk).unwrap_or_default();
    if actual == expected {
        return;
    }
    if std::env::var_os("PLIMSOLL_BLESS").is_some() {
        let folder = on_disk.parent().unwrap_or(&on_disk);
        std::fs::create_dir_all(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
        std::fs::write(&on_disk, expected).unwrap_or_else(|e| panic!("{path}: {e}"));
        return;
    }
    let lines = actual.lines().zip(expected.lines());
    let same = lines.take_while(|(actual, expected)| actual == expected).count();
    let line = |text: &str| text.lines().nth(same).unwrap_or("(end of file)").to_owned();
    let (is, should) = (line(&actual), line(expected));
    panic!(
        "{path}:{} is out of date; PLIMSOLL_BLESS=1 writes it again\n is:     {is}\n should: {should}",
        same + 1
    );
}

/// Compares a part of a file, between `<!-- NAME -->` and `<!-- /NAME -->`, as [`file()`] does.
///
/// # Panics
///
/// When it is different, or the marks are missing.
pub fn part(path: &str, name: &str, expected: &str) {
    let text = std::fs::read_to_string(crate::repository().join(path)).unwrap_or_default();
    let (open, close) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let begin = text.find(&open).map(|at| at + open.len());
    let end = begin.and_then(|begin| Some(begin + text.get(begin..)?.find(&close)?));
    let (Some(begin), Some(end)) = (begin, end) else {
        panic!("{path} has no part `{name}`");
    };
    file(path, &format!("{}{expected}{}", &text[..begin], &text[end..]));
}
