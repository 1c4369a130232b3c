//! The options of `RUN --mount`.
//!
//! As BuildKit's `parseMount`: options in order, the type before what depends on it. An option
//! with a variable in it is not judged, and neither is what depends on it.
//! <https://docs.docker.com/reference/dockerfile/#run---mount>

use super::super::syntax::{Flag, FlagOption};
use super::problems::{Problems, quoted, shortened};
use crate::nearest::nearest;
use crate::source::Span;

const TYPES: [&str; 5] = ["bind", "cache", "tmpfs", "secret", "ssh"];
const SHARING: [&str; 3] = ["shared", "private", "locked"];
const KEYS: [&str; 19] = [
    "type",
    "from",
    "source",
    "target",
    "readonly",
    "id",
    "sharing",
    "required",
    "size",
    "mode",
    "uid",
    "gid",
    "src",
    "dst",
    "destination",
    "ro",
    "rw",
    "readwrite",
    "env",
];

/// What is known of a mount while its options are read.
#[derive(Default)]
struct Mount {
    /// `None`: it depends on a variable.
    kind: Option<String>,
    from: Option<Span>,
    sharing: Option<Span>,
    /// `source`, and `id`, are given and not empty.
    source: bool,
    id: Option<Span>,
    /// `target` or `env` is given and not empty.
    target: bool,
    /// `mode`, `uid` and `gid`.
    owner: Vec<(&'static str, Span)>,
}

/// Says what BuildKit would refuse in the options.
pub(super) fn check(flag: &Flag, problems: &mut Problems<'_>) {
    let mut mount = Mount { kind: Some("bind".to_owned()), ..Mount::default() };
    for option in &flag.options {
        let key = option.key.value.to_lowercase();
        if let Err((message, help)) = mount.read(&key, option) {
            problems.error_with(option.span, message, help);
            return;
        }
    }
    if let Err((span, message)) = mount.validate() {
        problems.error(span.unwrap_or(flag.span), message);
    }
}

type Refusal = (String, Option<String>);

fn refuse<T>(message: String) -> Result<T, Refusal> {
    Err((message, None))
}

impl Mount {
    fn read(&mut self, key: &str, option: &FlagOption) -> Result<(), Refusal> {
        let Some(value) = &option.value else { return self.read_bare(key, option) };
        let value = value.value.as_str();
        let variable = value.contains('$');
        match key {
            "from" if has_variable(value) => {
                return refuse(format!(
                    "'{key}' doesn't support variable expansion, define alias stage instead"
                ));
            }
            "type" if variable => self.kind = None,
            "type" => self.kind = Some(one_of("unsupported mount type", value, &TYPES)?),
            "from" => self.from = (!value.is_empty()).then_some(option.span),
            "source" | "src" => self.source = !value.is_empty(),
            "target" | "dst" | "destination" => self.target |= !value.is_empty(),
            "id" => self.id = (!value.is_empty()).then_some(option.span),
            "env" => {
                self.only_for(key, &["secret"])?;
                self.target |= !value.is_empty();
            }
            "required" => {
                self.only_for(key, &["secret", "ssh"])?;
                boolean(key, value)?;
            }
            "readonly" | "ro" | "readwrite" | "rw" => boolean(key, value)?,
            "size" => {
                self.only_for(key, &["tmpfs"])?;
            }
            "sharing" => {
                if !variable {
                    one_of("unsupported sharing value", value, &SHARING)?;
                }
                self.sharing = Some(option.span);
            }
            "mode" => self.number("mode", value, 8, option.span)?,
            "uid" => self.number("uid", value, 10, option.span)?,
            "gid" => self.number("gid", value, 10, option.span)?,
            _ => return Err(unexpected(key, option)),
        }
        Ok(())
    }

    fn read_bare(&self, key: &str, option: &FlagOption) -> Result<(), Refusal> {
        match key {
            "readonly" | "ro" | "readwrite" | "rw" => Ok(()),
            "required" => self.only_for(key, &["secret", "ssh"]),
            _ => {
                let field = shortened(&option.key.value);
                let help = nearest(key, KEYS).map(|key| format!("did you mean `{key}`?"));
                Err((format!("invalid field '{field}' must be a key=value pair"), help))
            }
        }
    }

    fn only_for(&self, key: &str, kinds: &[&str]) -> Result<(), Refusal> {
        match &self.kind {
            Some(kind) if !kinds.contains(&kind.as_str()) => {
                refuse(format!("unexpected key '{key}' for mount type '{kind}'"))
            }
            _ => Ok(()),
        }
    }

    fn number(
        &mut self,
        key: &'static str,
        value: &str,
        radix: u32,
        span: Span,
    ) -> Result<(), Refusal> {
        // Rust takes a sign, Go's `ParseUint` does not.
        let valid = !value.starts_with('+') && u32::from_str_radix(value, radix).is_ok();
        if !valid && !value.contains('$') {
            return refuse(format!("invalid value {} for {key}", shortened(value)));
        }
        self.owner.push((key, span));
        Ok(())
    }

    fn validate(&self) -> Result<(), (Option<Span>, String)> {
        let Some(kind) = self.kind.as_deref() else { return Ok(()) };
        if !matches!(kind, "secret" | "ssh" | "cache")
            && let Some((key, span)) = self.owner.first()
        {
            return Err((Some(*span), format!("{key} not allowed for \"{kind}\" type mounts")));
        }
        if kind == "secret" {
            self.validate_secret()?;
        }
        match self.sharing {
            Some(span) if kind != "cache" => {
                Err((Some(span), format!("invalid cache sharing set for {kind} mount")))
            }
            _ => Ok(()),
        }
    }

    fn validate_secret(&self) -> Result<(), (Option<Span>, String)> {
        let (place, message) = if self.from.is_some() {
            (self.from, "secret mount should not have a from")
        } else if self.sharing.is_some() {
            (self.sharing, "secret mount should not define sharing")
        } else if !self.source && !self.target && self.id.is_none() {
            (None, "invalid secret mount. one of source, target required")
        } else if self.source && self.id.is_some() {
            (self.id, "both source and id can't be set")
        } else {
            return Ok(());
        };
        Err((place, message.to_owned()))
    }
}

/// Whether BuildKit sees a variable: a dollar sign with something after it.
fn has_variable(value: &str) -> bool {
    value.find('$').is_some_and(|at| at + 1 < value.len())
}

fn one_of(what: &str, value: &str, known: &[&'static str]) -> Result<String, Refusal> {
    let lower = value.to_lowercase();
    if known.contains(&lower.as_str()) {
        return Ok(lower);
    }
    let help = nearest(&lower, known.iter().copied()).map(|name| format!("did you mean `{name}`?"));
    Err((format!("{what} {}", quoted(value)), help))
}

fn boolean(key: &str, value: &str) -> Result<(), Refusal> {
    // Go's `strconv.ParseBool`.
    const KNOWN: [&str; 12] =
        ["1", "t", "T", "TRUE", "true", "True", "0", "f", "F", "FALSE", "false", "False"];
    if KNOWN.contains(&value) || value.contains('$') {
        return Ok(());
    }
    refuse(format!("invalid value for {key}: {}", shortened(value)))
}

fn unexpected(key: &str, option: &FlagOption) -> Refusal {
    let value = option.value.as_ref().map_or("", |value| value.value.as_str());
    let field = shortened(&format!("{}={value}", option.key.value));
    let help = nearest(key, KEYS).map(|key| format!("did you mean `{key}`?"));
    (format!("unexpected key '{}' in '{field}'", shortened(key)), help)
}

#[cfg(test)]
mod tests {
    use crate::diagnostic::Diagnostic;
    use crate::document::dockerfile::parse;
    use crate::source::Source;

    fn problems(mount: &str) -> Vec<Diagnostic> {
        parse(&Source::new("Dockerfile", format!("FROM a\nRUN --mount={mount} b\n"))).1
    }

    #[test]
    fn refusals_point_at_the_option() {
        for (mount, place, expected) in [
            ("type=bnd", "type=bnd", "unsupported mount type \"bnd\""),
            ("typ=bind", "typ=bind", "unexpected key 'typ' in 'typ=bind'"),
            ("target", "target", "invalid field 'target' must be a key=value pair"),
            ("type=bind,", "", "invalid field '' must be a key=value pair"),
            ("from=$A,target=/", "from=$A", "'from' doesn't support variable expansion"),
            ("required=true,type=secret", "required=true", "unexpected key 'required' for"),
            ("type=cache,size=1", "size=1", "unexpected key 'size' for mount type 'cache'"),
            ("type=bind,ro=maybe", "ro=maybe", "invalid value for ro: maybe"),
            ("type=cache,mode=9", "mode=9", "invalid value 9 for mode"),
            ("type=cache,uid=+1", "uid=+1", "invalid value +1 for uid"),
            ("gid=1,type=bind", "gid=1", "gid not allowed for \"bind\" type mounts"),
            ("type=cache,sharing=no", "sharing=no", "unsupported sharing value \"no\""),
            ("sharing=locked", "sharing=locked", "invalid cache sharing set for bind mount"),
            ("type=secret,from=a", "from=a", "secret mount should not have a from"),
            ("type=secret,id=a,src=b", "id=a", "both source and id can't be set"),
            ("type=secret", "--mount=type=secret", "one of source, target required"),
            ("type=bind,a\\\"b", "type=bind,a\\\"b", "failed to parse csv mounts"),
        ] {
            let found = problems(mount);
            assert_eq!(found.len(), 1, "{mount}: {found:?}");
            assert!(found[0].message.contains(expected), "{mount}: {found:?}");
            assert_eq!(found[0].labels[0].place.text(), place, "{mount}");
        }
    }

    #[test]
    fn what_buildkit_takes_is_not_refused() {
        for mount in [
            "type=bind,target=/a,rw",
            "TYPE=Cache,target=/a,sharing=LOCKED,uid=1,gid=2,mode=0755,ro=false",
            "type=tmpfs,size=$SIZE,target=/a",
            "type=secret,id=a,env=B,required",
            "type=ssh,required=true,mode=$M",
            "type=$T,size=1,required",
            "from=a$,target=/a",
        ] {
            assert!(problems(mount).is_empty(), "{mount}: {:?}", problems(mount));
        }
    }
}
