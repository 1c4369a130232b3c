//! Reading facts that are what they should be, as a plugin does: the host made them of the same types.
//!
//! An error that is never returned needs no way back from any place, which is half of the code.

use std::convert::Infallible;
use std::fmt;

use serde::de::{self, Deserialize, Expected, Unexpected};

use super::Facts;
use super::read::{Reader, Tape};

/// Reads facts, and nothing after them. What is no JSON is an error, facts that lack something are a panic.
pub(crate) fn trusted(text: &str) -> Result<Facts, serde_json::Error> {
    let tape = Tape::of(text)?;
    let Ok(facts) = Facts::deserialize(&mut Reader::<Never>::of(&tape));
    Ok(facts)
}

/// An error that is never returned.
#[derive(Debug)]
struct Never(Infallible);

impl fmt::Display for Never {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {}
    }
}

impl std::error::Error for Never {}

impl de::Error for Never {
    fn custom<T: fmt::Display>(message: T) -> Self {
        wrong(&message)
    }

    fn invalid_type(found: Unexpected<'_>, wanted: &dyn Expected) -> Self {
        wrong(&format_args!("invalid type: {found}, expected {wanted}"))
    }

    fn missing_field(field: &'static str) -> Self {
        wrong(&format_args!("missing field `{field}`"))
    }

    fn duplicate_field(field: &'static str) -> Self {
        wrong(&format_args!("duplicate field `{field}`"))
    }
}

#[cold]
#[inline(never)]
fn wrong(what: &dyn fmt::Display) -> ! {
    panic!("the facts are not what they should be: {what}")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use super::super::read::from_json;
    use super::*;

    #[test]
    fn a_plugin_reads_what_others_read() {
        let mut facts = serde_json::to_value(Facts::new("dockerfile", "Dockerfile")).unwrap();
        // Of a newer host; the text has an escape.
        facts["newer"] = json!([{"a": [1, -1, 0.5, null, true, "\n"]}, {}]);
        facts["document"]["newer"] = json!({"b": []});
        let text = facts.to_string();
        let read = from_json(&text).unwrap();
        assert_eq!(read, Facts::new("dockerfile", "Dockerfile"));
        assert_eq!(trusted(&text).unwrap(), read);
        assert!(trusted(&text[1..]).is_err());
    }

    #[test]
    #[should_panic(expected = "the facts are not what they should be: missing field")]
    fn wrong_facts_are_the_end_of_a_plugin() {
        let _ = trusted("{}");
    }
}
