//! Which names are those of credentials.

use serde::Deserialize;

/// What tells the name of a credential: lists of lower-case words. A name is split into words where
/// it has anything but letters and digits, and where a lower-case letter is followed by a capital.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Names {
    /// Words that speak of a credential: `token`. Several words in a row, joined by `_`, are one
    /// entry: `api_keys`.
    words: Vec<String>,
    /// Ends of words that are written together: `password` of `PGPASSWORD`.
    #[serde(default)]
    endings: Vec<String>,
    /// What makes a name one that only speaks of a credential.
    #[serde(default)]
    except: Except,
    /// Names that are one all the same.
    #[serde(default)]
    also: Vec<String>,
    /// Names that are none all the same.
    #[serde(default)]
    never: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Except {
    /// Words at any place.
    #[serde(default)]
    anywhere: Vec<String>,
    /// Words at the end.
    #[serde(default)]
    last: Vec<String>,
    /// Words before a `key` at the end.
    #[serde(default)]
    before_key: Vec<String>,
}

impl Names {
    /// Whether a variable, an option or a field of this name holds a credential.
    pub(super) fn has(&self, name: &str) -> bool {
        let listed = |list: &[String]| list.iter().any(|known| known.eq_ignore_ascii_case(name));
        if listed(&self.never) || listed(&self.also) {
            return !listed(&self.never);
        }
        let words = split(name);
        self.speaks_of_one(&words) && !self.is_excepted(&words)
    }

    fn speaks_of_one(&self, words: &[String]) -> bool {
        let is_ending = |word: &String| self.endings.iter().any(|end| word.ends_with(end.as_str()));
        let is_word = |entry: &String| {
            let count = entry.split('_').count();
            words.windows(count).any(|row| row.iter().map(String::as_str).eq(entry.split('_')))
        };
        words.iter().any(is_ending) || self.words.iter().any(is_word)
    }

    fn is_excepted(&self, words: &[String]) -> bool {
        let [before @ .., last] = words else { return false };
        let is_key = matches!(last.as_str(), "key" | "keys");
        words.iter().any(|word| self.except.anywhere.contains(word))
            || (!before.is_empty() && self.except.last.contains(last))
            || (is_key && before.last().is_some_and(|word| self.except.before_key.contains(word)))
    }
}

/// The words of a name, in lower case.
fn split(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = '_';
    for character in name.chars() {
        let is_new = before.is_ascii_lowercase() && character.is_ascii_uppercase();
        if is_new || !character.is_alphanumeric() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| character.is_alphanumeric()) {
            word.extend(character.to_lowercase());
        }
        before = character;
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Names {
        /// One word tells them all.
        pub(in crate::link::secrets) fn of_word(word: &str) -> Self {
            Names { words: vec![word.to_owned()], ..Names::default() }
        }
    }

    #[test]
    fn names_have_words() {
        for (name, words) in [
            ("DB_PASSWORD", "db password"),
            ("dbPassword", "db password"),
            ("com.example.api-key", "com example api key"),
            ("__A__B", "a b"),
            ("APIKey2", "apikey2"),
            ("", ""),
        ] {
            assert_eq!(split(name).join(" "), words, "{name}");
        }
    }

    #[test]
    fn words_ends_and_exceptions() {
        let strings = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let names = Names {
            words: strings("key password token api_keys"),
            endings: strings("password"),
            except: Except {
                anywhere: strings("public"),
                last: strings("file url"),
                before_key: strings("cache"),
            },
            also: strings("GITHUB_PAT"),
            never: strings("GPG_KEY"),
        };
        for name in ["PASSWORD", "PGPASSWORD", "API_KEYS", "apiKey", "github_pat", "FILE_TOKEN"] {
            assert!(names.has(name), "{name}");
        }
        for name in
            ["KEYS", "MONKEY", "TOKEN_URL", "PUBLIC_KEY", "CACHE_KEYS", "CACHE_KEY", "gpg_key", ""]
        {
            assert!(!names.has(name), "{name}");
        }
    }
}
