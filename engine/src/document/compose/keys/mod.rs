//! Every key that Compose knows, what it takes, and how `docker compose config` prints it.
//!
//! Owns the one table of keys: [`PROJECT`] and what hangs below it, after the JSON schema that is
//! built into Docker Compose v5.6.1 (the compose-spec with `jobs` and `pre_start`) and the types of
//! compose-go v2.16.1. A key that is not here is refused. The table takes short forms and long ones.

mod container;
mod project;
mod service;

pub(super) use project::PROJECT;
pub(super) use service::CONTAINER;

use super::tree::Value;

/// What a key takes.
#[derive(Debug)]
pub(super) enum Kind {
    /// One value of these types, and what it means.
    Scalar(Types, Meaning),
    /// An integer within these bounds (both included), or a string.
    Within(i64, i64, Meaning),
    /// One of these strings.
    Choice(&'static [&'static str]),
    /// A string that passes a test, and what the test asks for.
    Matching(fn(&str) -> bool, &'static str),
    /// A list.
    List(&'static Kind),
    /// A list in which nothing is there twice.
    Set(&'static Kind),
    /// A mapping with keys of the user's choice.
    Map(Names, &'static Kind),
    /// A mapping with known keys.
    Object(&'static Object),
    /// One of these forms, which differ in shape: short and long.
    Either(&'static [Kind]),
    /// A form that is printed in a way of its own.
    Printed(Form, &'static Kind),
}

/// Which keys a mapping may have that are of the user's choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Names {
    /// Any text.
    Any,
    /// Any text that is not empty.
    NotEmpty,
    /// `[a-zA-Z0-9._-]+`: the name of a service, network, volume …
    Identifier,
}

/// A mapping with known keys.
#[derive(Debug)]
pub(super) struct Object {
    /// What it is, with its article: `a service`.
    pub(super) what: &'static str,
    /// Its keys, in groups that several mappings share.
    pub(super) keys: &'static [&'static [Key]],
    /// The keys that must be there.
    pub(super) required: &'static [&'static str],
    /// The keys that are none of these: whether `x-…` is allowed, or anything.
    pub(super) others: Others,
}

/// Which keys a mapping may have beside the known ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Others {
    /// None.
    No,
    /// Extensions: `x-…`.
    Extensions,
    /// Any.
    Yes,
}

/// A known key.
#[derive(Debug)]
pub(super) struct Key {
    /// Its name.
    pub(super) name: &'static str,
    /// What it takes.
    pub(super) kind: Kind,
    /// When it is printed.
    pub(super) shown: Shown,
    /// The name it is printed with.
    pub(super) printed: &'static str,
}

/// When a key is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    /// When it is there and not zero, empty or false.
    NotZero,
    /// When it is there.
    Written,
    /// When it is there and false: it is true by default.
    False,
    /// Always: null, an empty mapping or a zero where it is not there.
    Always,
    /// Never: it has done its work.
    Never,
}

/// Types of YAML values, as a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Types(u8);

impl Types {
    pub(super) const NULL: Types = Types(1);
    pub(super) const BOOL: Types = Types(2);
    /// An integer; a number without a fraction is one, too.
    pub(super) const INTEGER: Types = Types(4);
    pub(super) const NUMBER: Types = Types(4 | 8);
    pub(super) const STRING: Types = Types(16);

    pub(super) const fn or(self, other: Types) -> Types {
        Types(self.0 | other.0)
    }

    pub(super) const fn has(self, other: Types) -> bool {
        self.0 & other.0 == other.0
    }

    /// Whether a value is of one of them.
    pub(super) fn admit(self, value: &Value) -> bool {
        match value {
            Value::Null => self.has(Types::NULL),
            Value::Bool(_) => self.has(Types::BOOL),
            Value::Int(_) => self.has(Types::INTEGER),
            Value::Float(number) => {
                self.has(Types::NUMBER) || number.fract() == 0.0 && self.has(Types::INTEGER)
            }
            Value::Str(_) => self.has(Types::STRING),
            Value::Seq(_) | Value::Map(_) => false,
        }
    }
}

/// What a single value means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Text; a number is written out, nothing is the empty text.
    Text,
    /// Text, or an integer without a fraction, not even a zero: a port, a group.
    Id,
    /// Text or nothing, as the value of an environment variable.
    Variable,
    /// True or false.
    Flag,
    /// A signed integer; a fraction is cut off.
    Integer,
    /// An integer that is not negative.
    Unsigned,
    /// An integer that is not negative and not written as text: a weight, the mode of a tmpfs.
    Bits,
    /// A number with a fraction, of 32 bits.
    Fraction,
    /// A number of bytes: `64m`.
    Bytes,
    /// A time: `1m30s`.
    Duration,
    /// The mode of a file: `0440`.
    Mode,
    /// A number of devices, or `all`.
    Count,
}

/// Forms that are printed in a way of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// Host names and addresses: a list of `host=address`.
    Hosts,
    /// SSH agents and keys: a list of `id` or `id=path`.
    Ssh,
    /// Limits: an integer, or `soft` and `hard`.
    Limit,
    /// Options, each with one value or several: each a list.
    Options,
    /// `external`: true, or false.
    External,
    /// Names and values of which those without a value are left out.
    Arguments,
}

pub(super) const fn key(name: &'static str, kind: Kind) -> Key {
    Key { name, kind, shown: Shown::NotZero, printed: name }
}

impl Key {
    pub(super) const fn shown(mut self, shown: Shown) -> Key {
        self.shown = shown;
        self
    }

    pub(super) const fn printed(mut self, name: &'static str) -> Key {
        self.printed = name;
        self
    }
}

impl Object {
    /// Every key it knows.
    pub(super) fn all(&self) -> impl Iterator<Item = &'static Key> {
        self.keys.iter().flat_map(|group| group.iter())
    }

    /// The key of that name.
    pub(super) fn key(&self, name: &str) -> Option<&'static Key> {
        self.all().find(|key| key.name == name)
    }
}

pub(super) const TEXT: Kind = Kind::Scalar(Types::STRING, Meaning::Text);
pub(super) const FLAG: Kind = Kind::Scalar(Types::BOOL.or(Types::STRING), Meaning::Flag);
/// `true` or `false`, not the text.
pub(super) const BOOLEAN: Kind = Kind::Scalar(Types::BOOL, Meaning::Flag);
pub(super) const INTEGER: Kind = Kind::Scalar(Types::INTEGER.or(Types::STRING), Meaning::Integer);
pub(super) const UNSIGNED: Kind = Kind::Scalar(Types::INTEGER.or(Types::STRING), Meaning::Unsigned);
/// A number that may be written with a fraction, which is cut off.
pub(super) const NUMBER: Kind = Kind::Scalar(Types::NUMBER.or(Types::STRING), Meaning::Integer);
pub(super) const FRACTION: Kind = Kind::Scalar(Types::NUMBER.or(Types::STRING), Meaning::Fraction);
pub(super) const BYTES: Kind = Kind::Scalar(Types::NUMBER.or(Types::STRING), Meaning::Bytes);
pub(super) const WHOLE_BYTES: Kind = Kind::Scalar(Types::INTEGER.or(Types::STRING), Meaning::Bytes);
pub(super) const DURATION: Kind = Kind::Scalar(Types::STRING, Meaning::Duration);
pub(super) const TEXTS: Kind = Kind::List(&TEXT);
pub(super) const SET: Kind = Kind::Set(&TEXT);
pub(super) const TEXT_OR_LIST: Kind = Kind::Either(&[TEXT, TEXTS]);
pub(super) const TEXT_OR_SET: Kind = Kind::Either(&[TEXT, SET]);

const SCALAR: Types = Types::STRING.or(Types::NUMBER).or(Types::BOOL).or(Types::NULL);
/// `labels` and the like: a mapping, or a list of `key=value`. Nothing is the empty text.
pub(super) const LABELS: Kind =
    Kind::Either(&[Kind::Map(Names::NotEmpty, &Kind::Scalar(SCALAR, Meaning::Text)), TEXTS]);
/// As [`LABELS`], where nothing twice may be in the list.
pub(super) const LABEL_SET: Kind =
    Kind::Either(&[Kind::Map(Names::NotEmpty, &Kind::Scalar(SCALAR, Meaning::Text)), SET]);
/// `environment`: as [`LABELS`], but a name without a value stays one.
pub(super) const VARIABLES: Kind =
    Kind::Either(&[Kind::Map(Names::NotEmpty, &Kind::Scalar(SCALAR, Meaning::Variable)), TEXTS]);
/// As [`VARIABLES`], where nothing twice may be in the list.
pub(super) const VARIABLE_SET: Kind =
    Kind::Either(&[Kind::Map(Names::NotEmpty, &Kind::Scalar(SCALAR, Meaning::Variable)), SET]);
/// `driver_opts` and the like.
pub(super) const DRIVER_OPTIONS: Kind =
    Kind::Map(Names::Any, &Kind::Scalar(Types::STRING.or(Types::NUMBER), Meaning::Text));
/// `command`: words, or a line that a shell would read.
pub(super) const COMMAND: Kind =
    Kind::Either(&[Kind::Scalar(Types::NULL, Meaning::Variable), TEXT, TEXTS]);

impl Kind {
    /// Whether a value has the shape of this form, whatever is inside.
    pub(super) fn has_shape(&self, value: &Value) -> bool {
        match self {
            Kind::Scalar(types, _) => types.admit(value),
            Kind::Within(..) => Types::INTEGER.or(Types::STRING).admit(value),
            Kind::Choice(_) | Kind::Matching(..) => Types::STRING.admit(value),
            Kind::List(_) | Kind::Set(_) => matches!(value, Value::Seq(_)),
            Kind::Map(..) | Kind::Object(_) => matches!(value, Value::Map(_)),
            Kind::Either(kinds) => kinds.iter().any(|kind| kind.has_shape(value)),
            Kind::Printed(_, kind) => kind.has_shape(value),
        }
    }
}

impl Object {
    /// The key of this mapping whose own mapping has a key of that name.
    pub(super) fn home_of(&self, name: &str) -> Option<&'static str> {
        self.all().find(|key| key.kind.has_key(name)).map(|key| key.name)
    }
}

impl Kind {
    fn has_key(&self, name: &str) -> bool {
        match self {
            Kind::Object(object) => object.key(name).is_some(),
            Kind::Either(kinds) => kinds.iter().any(|kind| kind.has_key(name)),
            _ => false,
        }
    }
}
