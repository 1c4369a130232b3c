//! What stands at the top of a compose file.

use super::Meaning::{Flag, Integer};
use super::Shown::{Always, Never, Written};
use super::service::{JOB, SERVICE};
use super::{
    DRIVER_OPTIONS, FLAG, Form, Key, Kind, LABEL_SET, Names, Object, Others, TEXT, TEXT_OR_LIST,
    TEXTS, Types, key,
};

/// A compose file.
pub(in super::super) static PROJECT: Object = Object {
    what: "a compose file",
    keys: &[&[
        key("version", TEXT).shown(Never),
        key("name", TEXT),
        key("include", Kind::List(&Kind::Either(&[TEXT, Kind::Object(&INCLUDE)]))).shown(Never),
        key("services", Kind::Map(Names::Identifier, &Kind::Object(&SERVICE))).shown(Always),
        key("jobs", Kind::Map(Names::Identifier, &Kind::Object(&JOB))),
        key("networks", Kind::Map(Names::Identifier, &NETWORK_OR_NOTHING)),
        key("volumes", Kind::Map(Names::Identifier, &VOLUME_OR_NOTHING)),
        key("secrets", Kind::Map(Names::Identifier, &Kind::Object(&SECRET))),
        key("configs", Kind::Map(Names::Identifier, &Kind::Object(&CONFIG))),
        // Compose prints the use of models, but not the models.
        key("models", Kind::Map(Names::Identifier, &Kind::Object(&MODEL))).shown(Never),
    ]],
    required: &[],
    others: Others::Extensions,
};

static INCLUDE: Object = Object {
    what: "an include",
    keys: &[&[
        key("path", TEXT_OR_LIST),
        key("env_file", TEXT_OR_LIST),
        key("project_directory", TEXT),
    ]],
    required: &[],
    others: Others::No,
};

const NETWORK_OR_NOTHING: Kind =
    Kind::Either(&[Kind::Scalar(Types::NULL, super::Meaning::Variable), Kind::Object(&NETWORK)]);
static NETWORK: Object = Object {
    what: "a network",
    keys: &[&[
        key("name", TEXT),
        key("driver", TEXT),
        key("driver_opts", DRIVER_OPTIONS),
        key("ipam", Kind::Object(&IPAM)).shown(Always),
        key("external", EXTERNAL),
        key("internal", FLAG),
        key("attachable", FLAG),
        key("enable_ipv4", FLAG).shown(Written),
        key("enable_ipv6", FLAG).shown(Written),
        key("labels", LABEL_SET),
    ]],
    required: &[],
    others: Others::Extensions,
};
static IPAM: Object = Object {
    what: "address management",
    keys: &[&[
        key("driver", TEXT),
        key("config", Kind::List(&Kind::Object(&ADDRESS_POOL))),
        key("options", Kind::Map(Names::NotEmpty, &TEXT)),
    ]],
    required: &[],
    others: Others::Extensions,
};
static ADDRESS_POOL: Object = Object {
    what: "a pool of addresses",
    keys: &[&[
        key("subnet", TEXT),
        key("gateway", TEXT),
        key("ip_range", TEXT),
        key("aux_addresses", Kind::Map(Names::NotEmpty, &TEXT)),
    ]],
    required: &[],
    others: Others::Extensions,
};

const VOLUME_OR_NOTHING: Kind =
    Kind::Either(&[Kind::Scalar(Types::NULL, super::Meaning::Variable), Kind::Object(&VOLUME)]);
static VOLUME: Object = Object {
    what: "a volume",
    keys: &[&[
        key("name", TEXT),
        key("driver", TEXT),
        key("driver_opts", DRIVER_OPTIONS),
        key("external", EXTERNAL),
        key("labels", LABEL_SET),
    ]],
    required: &[],
    others: Others::Extensions,
};

/// What secrets and configs have in common.
static FILE_OBJECT: &[Key] = &[
    key("name", TEXT),
    key("file", TEXT),
    key("environment", TEXT),
    key("external", EXTERNAL_OR_MORE),
    key("labels", LABEL_SET),
    key("template_driver", TEXT),
];
static SECRET: Object = Object {
    what: "a secret",
    keys: &[FILE_OBJECT, &[key("driver", TEXT), key("driver_opts", SECRET_OPTIONS)]],
    required: &[],
    others: Others::Extensions,
};
/// As those of networks and volumes, but compose-go keeps no fractions here.
const SECRET_OPTIONS: Kind =
    Kind::Map(Names::Any, &Kind::Scalar(Types::STRING.or(Types::NUMBER), super::Meaning::Id));
static CONFIG: Object = Object {
    what: "a config",
    keys: &[FILE_OBJECT, &[key("content", TEXT)]],
    required: &[],
    others: Others::Extensions,
};

static MODEL: Object = Object {
    what: "a model",
    keys: &[&[
        key("name", TEXT),
        key("model", TEXT),
        key("context_size", Kind::Scalar(Types::INTEGER, Integer)),
        key("runtime_flags", TEXTS),
    ]],
    required: &["model"],
    others: Others::Extensions,
};

/// `external`: whether Compose leaves the making to others; with a name in an older form.
const EXTERNAL: Kind =
    Kind::Printed(Form::External, &Kind::Either(&[EXTERNAL_FLAG, Kind::Object(&EXTERNAL_NAME)]));
/// As [`EXTERNAL`]; for secrets and configs the schema does not close the older form.
const EXTERNAL_OR_MORE: Kind = Kind::Printed(
    Form::External,
    &Kind::Either(&[EXTERNAL_FLAG, Kind::Object(&EXTERNAL_NAME_OR_MORE)]),
);
const EXTERNAL_FLAG: Kind = Kind::Scalar(Types::BOOL.or(Types::STRING), Flag);
static EXTERNAL_NAME: Object = Object {
    what: "`external`",
    keys: &[&[key("name", TEXT)]],
    required: &[],
    others: Others::Extensions,
};
static EXTERNAL_NAME_OR_MORE: Object = Object {
    what: "`external`",
    keys: &[&[key("name", TEXT)]],
    required: &[],
    others: Others::Yes,
};
