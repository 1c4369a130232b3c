//! Expands any word with any options under any variables, and checks what always holds.
//!
//! An input is: a byte of options; a byte for each of the variables `A` to `D`, whose low bits say
//! unset, unknown, or the length of a value taken from the bytes that follow; then the word.
#![no_main]

use std::borrow::Cow;
use std::cell::Cell;

use libfuzzer_sys::fuzz_target;
use plimsoll_engine::document::dockerfile::expand::{
    ExpandErrorKind, Expander, Expansion, Lookup, MAX_OUTPUT, MAX_WORDS,
};

const NAMES: [&str; 4] = ["A", "B", "C", "D"];

type Table = [Lookup<'static>; 4];

fn ask(table: &Table, name: &str) -> Lookup<'static> {
    let place = NAMES.iter().position(|known| *known == name);
    place.and_then(|place| table.get(place).cloned()).unwrap_or(Lookup::Unset)
}

fn take<'a>(data: &mut &'a [u8], length: usize) -> &'a [u8] {
    let (taken, rest) = data.split_at(length.min(data.len()));
    *data = rest;
    taken
}

fn byte(data: &mut &[u8]) -> u8 {
    take(data, 1).first().copied().unwrap_or(0)
}

fn variable(data: &mut &[u8]) -> Lookup<'static> {
    match byte(data) % 32 {
        0 => Lookup::Unset,
        1 => Lookup::Unknown,
        // A long value, so that the limits are met.
        31 => Lookup::Set(Cow::Owned("ab".repeat(1 + 1000 * usize::from(byte(data) % 32)))),
        length => {
            let value = take(data, usize::from(length) - 2);
            Lookup::Set(Cow::Owned(String::from_utf8_lossy(value).into_owned()))
        }
    }
}

fn check(expansion: &Expansion) {
    let Expansion { value, used, unset, unknown, literal, partial } = expansion;
    assert_eq!(value.is_some(), unknown.is_empty());
    assert_eq!(value.is_some(), partial.is_none());
    assert_eq!(*literal, used.is_empty() && unset.is_empty());
    assert!(unknown.iter().all(|name| used.contains(name)));
    assert!(unset.iter().all(|name| !used.contains(name)));
    assert!(value.as_ref().is_none_or(|value| value.len() <= MAX_OUTPUT));
}

fn letters(text: &str) -> String {
    text.split_whitespace().collect()
}

/// The whole word and its split agree.
fn check_words(expander: Expander, word: &str, table: &Table) {
    let lookup = |name: &str| ask(table, name);
    match (expander.word(word, &lookup), expander.words(word, &lookup)) {
        (Ok(whole), Ok(words)) => {
            words.iter().for_each(check);
            assert!(words.len() <= MAX_WORDS);
            if let Some(value) = whole.value {
                let joined: String = words.into_iter().filter_map(|word| word.value).collect();
                assert_eq!(letters(&joined), letters(&value));
            }
        }
        // They count differently: blanks that split are not in the words.
        (Err(error), _) | (_, Err(error)) if error.kind == ExpandErrorKind::Limit => {}
        (Err(one), Err(other)) => assert_eq!(one, other),
        (one, other) => panic!("{one:?} but {other:?}"),
    }
}

/// What is known when one variable is forgotten stays as it was.
fn check_forgetting(expander: Expander, word: &str, table: &Table, forgotten: usize) {
    let name = NAMES[forgotten];
    let asked = Cell::new(false);
    let before = expander.word(word, &|wanted| {
        asked.set(asked.get() || wanted == name);
        ask(table, wanted)
    });
    let mut less = table.clone();
    less[forgotten] = Lookup::Unknown;
    let after = expander.word(word, &|wanted| ask(&less, wanted));
    if !asked.get() {
        assert_eq!(before, after);
        return;
    }
    match (before, after) {
        (Ok(before), Ok(after)) if after.value.is_some() => assert_eq!(before.value, after.value),
        (Ok(before), Err(error)) => panic!("{before:?} but {error:?}"),
        _ => {}
    }
}

fuzz_target!(|data: &[u8]| {
    let mut data = data;
    let options = byte(&mut data);
    let expander = Expander {
        escape: if options & 1 == 0 { '\\' } else { '`' },
        raw_quotes: options & 2 != 0,
        raw_escapes: options & 4 != 0,
        skip_quotes: options & 8 != 0,
        skip_unset: options & 16 != 0,
    };
    let forgotten = usize::from(options >> 6);
    let table: Table = std::array::from_fn(|_| variable(&mut data));
    let word = &*String::from_utf8_lossy(data);

    match expander.word(word, &|name| ask(&table, name)) {
        Ok(expansion) => {
            check(&expansion);
            let special = ['$', '\'', '"', expander.escape];
            if !word.contains(special) {
                assert_eq!(expansion.value.as_deref(), Some(word));
            }
            if !table.contains(&Lookup::Unknown) {
                assert!(expansion.value.is_some());
            }
        }
        Err(error) => assert!(word.get(error.range).is_some()),
    }
    check_words(expander, word, &table);
    check_forgetting(expander, word, &table, forgotten);
});
