use std::cell::Cell;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::RngSeed;

use super::*;

/// What is known of the variables `A` to `D`.
type Table = Vec<Lookup<'static>>;

fn ask(table: &Table, name: &str) -> Lookup<'static> {
    let place = "ABCD".find(name).filter(|_| name.len() == 1);
    place.and_then(|place| table.get(place).cloned()).unwrap_or(Lookup::Unset)
}

const PIECES: &[&str] = &[
    "$", "$A", "$B", "${A", "${B", "${C", "${D", "${", "}", ":", "-", "+", "?", "#", "%", "/", "*",
    "\\", "`", "'", "\"", " ", "<", "\n", "a", "ab", "é", "0", "${A:-", "${B/", "${C##", "${D%",
];

fn word() -> impl Strategy<Value = String> {
    vec(select(PIECES), 0..24).prop_map(|pieces| pieces.concat())
}

fn set() -> impl Strategy<Value = Lookup<'static>> {
    "[ab*/ \n$\\\\é]{0,8}".prop_map(|value| Lookup::Set(Cow::Owned(value)))
}

fn table() -> impl Strategy<Value = Table> {
    vec(prop_oneof![3 => set(), 1 => Just(Lookup::Unset), 1 => Just(Lookup::Unknown)], 4)
}

fn expander() -> impl Strategy<Value = Expander> {
    (prop_oneof![Just('\\'), Just('`')], any::<[bool; 4]>()).prop_map(|(escape, flags)| {
        let [raw_quotes, raw_escapes, skip_quotes, skip_unset] = flags;
        Expander { escape, raw_quotes, raw_escapes, skip_quotes, skip_unset }
    })
}

fn consistent(expansion: &Expansion) -> bool {
    let Expansion { value, used, unset, unknown, literal, partial } = expansion;
    value.is_some() == unknown.is_empty()
        && *literal == (used.is_empty() && unset.is_empty())
        && unknown.iter().all(|name| used.contains(name))
        && unset.iter().all(|name| !used.contains(name))
        && value.is_some() == partial.is_none()
        && value.as_ref().is_none_or(|value| value.len() <= MAX_OUTPUT)
}

/// A matcher that tries everything, for small patterns of `*`, `?` and plain characters: the best
/// end of a match from here.
fn best_end(pattern: &[char], value: &[char], greedy: bool) -> Option<usize> {
    let Some((first, rest)) = pattern.split_first() else { return Some(0) };
    if *first != '*' {
        let (ch, after) = value.split_first()?;
        let matches = first == ch || (*first == '?' && *ch != '\n');
        return if matches { best_end(rest, after, greedy).map(|end| end + 1) } else { None };
    }
    let line = value.iter().take_while(|ch| **ch != '\n').count();
    let ends = (0..=line).filter_map(|n| best_end(rest, &value[n..], greedy).map(|end| end + n));
    if greedy { ends.max() } else { ends.min() }
}

/// The same cases every time; fuzzing is for finding new ones.
fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 2048,
        rng_seed: RngSeed::Fixed(0x5eed),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_input_is_expanded_or_refused(word in ".{0,64}", table in table(), expander in expander()) {
        let lookup = |name: &str| ask(&table, name);
        if let Ok(expansion) = expander.word(&word, &lookup) {
            prop_assert!(consistent(&expansion), "{expansion:?}");
        }
    }

    #[test]
    fn results_are_consistent(word in word(), table in table(), expander in expander()) {
        let lookup = |name: &str| ask(&table, name);
        match (expander.word(&word, &lookup), expander.words(&word, &lookup)) {
            (Ok(whole), Ok(words)) => {
                prop_assert!(consistent(&whole) && words.iter().all(consistent));
                if let Some(value) = whole.value {
                    let letters = |text: &str| text.split_whitespace().collect::<String>();
                    let joined: String = words.into_iter().filter_map(|word| word.value).collect();
                    prop_assert_eq!(letters(&joined), letters(&value));
                }
            }
            (Err(one), Err(other)) => {
                prop_assert!(word.get(one.range.clone()).is_some());
                prop_assert_eq!(one, other);
            }
            (one, other) => prop_assert!(false, "{one:?} but {other:?}"),
        }
    }

    #[test]
    fn plain_text_is_itself(word in "[^$'\"\\\\]{0,64}") {
        let expansion = Expander::default().word(&word, &|_| Lookup::Unknown);
        let expected = Expansion { value: Some(word), literal: true, ..Expansion::default() };
        prop_assert_eq!(expansion, Ok(expected));
    }

    #[test]
    fn set_variables_give_a_value(word in word(), table in vec(set(), 4)) {
        if let Ok(expansion) = Expander::default().word(&word, &|name| ask(&table, name)) {
            prop_assert!(expansion.value.is_some());
        }
    }

    /// Knowing less never changes a value that stays known, and never makes a new failure.
    #[test]
    fn forgetting_a_value_is_safe(
        word in word(), table in table(), forgotten in 0..4_usize, expander in expander()
    ) {
        let mut less = table.clone();
        less[forgotten] = Lookup::Unknown;
        let asked = Cell::new(false);
        let forgotten = ["A", "B", "C", "D"][forgotten];
        let watch = |name: &str| {
            asked.set(asked.get() || name == forgotten);
            ask(&table, name)
        };
        let before = expander.word(&word, &watch);
        let after = expander.word(&word, &|name| ask(&less, name));
        if !asked.get() {
            prop_assert_eq!(before, after);
        } else if let Ok(after) = after {
            if let (Some(known), Ok(before)) = (after.value, before) {
                prop_assert_eq!(Some(known), before.value);
            }
        } else {
            prop_assert!(before.is_err(), "{before:?} but {after:?}");
        }
    }

    #[test]
    fn patterns_match_as_trying_everything_does(
        pattern in "[ab*?]{0,6}", value in "[ab\n]{0,8}", second in any::<bool>()
    ) {
        let chars: Vec<char> = pattern.chars().collect();
        let text: Vec<char> = value.chars().collect();
        let set = |text: &str| Lookup::Set(Cow::Owned(text.to_owned()));
        let table = vec![set(&value), set(&pattern)];
        let lookup = |name: &str| ask(&table, name);
        let run = |word: String| Expander::default().word(&word, &lookup).unwrap().value.unwrap();

        let operator = if second { "##" } else { "#" };
        let end = best_end(&chars, &text, second).unwrap_or(0);
        prop_assert_eq!(run(format!("${{A{operator}$B}}")), String::from_iter(&text[end..]));

        let (mut from_end, mut reversed) = (chars.clone(), text.clone());
        from_end.reverse();
        reversed.reverse();
        let operator = if second { "%%" } else { "%" };
        let end = text.len() - best_end(&from_end, &reversed, second).unwrap_or(0);
        prop_assert_eq!(run(format!("${{A{operator}$B}}")), String::from_iter(&text[..end]));

        let first = (0..=text.len()).find_map(|at| {
            best_end(&chars, &text[at..], true).map(|end| (at, at + end))
        });
        let expected = first.map_or(value.clone(), |(start, end)| {
            format!("{}R{}", String::from_iter(&text[..start]), String::from_iter(&text[end..]))
        });
        prop_assert_eq!(run("${A/$B/R}".to_owned()), expected);
    }
}
