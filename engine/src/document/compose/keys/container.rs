//! Parts of a container: mounts, limits, hooks, health.

use super::Meaning::{Count, Mode};
use super::Shown::{Always, False, Written};
use super::{
    BOOLEAN, COMMAND, DURATION, FLAG, Form, INTEGER, Key, Kind, LABEL_SET, LABELS, NUMBER, Names,
    Object, Others, SET, TEXT, TEXT_OR_SET, Types, UNSIGNED, VARIABLE_SET, VARIABLES, WHOLE_BYTES,
    key,
};

/// `blkio_config`.
pub(super) static BLOCK_IO: Object = Object {
    what: "block I/O limits",
    keys: &[&[
        key("weight", WEIGHT),
        key("weight_device", Kind::List(&Kind::Object(&DEVICE_WEIGHT))),
        key("device_read_bps", RATES),
        key("device_read_iops", RATES),
        key("device_write_bps", RATES),
        key("device_write_iops", RATES),
    ]],
    required: &[],
    others: Others::No,
};
static DEVICE_WEIGHT: Object = Object {
    what: "the weight of a device",
    keys: &[&[
        key("path", TEXT).shown(Always).printed("Path"),
        key("weight", WEIGHT).shown(Always).printed("Weight"),
    ]],
    required: &[],
    others: Others::No,
};
const WEIGHT: Kind = Kind::Scalar(Types::INTEGER.or(Types::STRING), super::Meaning::Bits);
const RATES: Kind = Kind::List(&Kind::Object(&DEVICE_RATE));
static DEVICE_RATE: Object = Object {
    what: "the rate of a device",
    keys: &[&[
        key("path", TEXT).shown(Always).printed("Path"),
        key("rate", WHOLE_BYTES).shown(Always).printed("Rate"),
    ]],
    required: &[],
    others: Others::No,
};

/// `credential_spec`.
pub(super) static CREDENTIALS: Object = Object {
    what: "a credential spec",
    keys: &[&[key("config", TEXT), key("file", TEXT), key("registry", TEXT)]],
    required: &[],
    others: Others::Extensions,
};

/// An item of `devices`.
pub(super) static DEVICE: Object = Object {
    what: "a device",
    keys: &[&[key("source", TEXT), key("target", TEXT), key("permissions", TEXT)]],
    required: &["source"],
    others: Others::Extensions,
};

/// An item of `gpus`, of which the schema allows anything more.
pub(super) static GPU: Object =
    Object { what: "a GPU", keys: &[DEVICE_REQUEST], required: &[], others: Others::Yes };
/// An item of `deploy.resources.reservations.devices`.
pub(super) static RESERVED_DEVICE: Object = Object {
    what: "a reserved device",
    keys: &[DEVICE_REQUEST],
    required: &["capabilities"],
    others: Others::Extensions,
};
static DEVICE_REQUEST: &[Key] = &[
    key("capabilities", SET),
    key("count", Kind::Scalar(Types::STRING.or(Types::INTEGER), Count)),
    key("device_ids", SET),
    key("driver", TEXT),
    key("options", LABELS),
];

/// An item of `env_file`.
pub(super) static ENV_FILE: Object = Object {
    what: "an env file",
    keys: &[&[key("path", TEXT), key("format", TEXT), key("required", FLAG).shown(False)]],
    required: &["path"],
    others: Others::No,
};

/// `healthcheck`.
pub(super) static HEALTHCHECK: Object = Object {
    what: "a health check",
    keys: &[&[
        key("disable", FLAG),
        key("interval", DURATION).shown(Written),
        key("retries", Kind::Scalar(Types::NUMBER.or(Types::STRING), super::Meaning::Unsigned))
            .shown(Written),
        key("test", super::TEXT_OR_LIST),
        key("timeout", DURATION).shown(Written),
        key("start_period", DURATION).shown(Written),
        key("start_interval", DURATION).shown(Written),
    ]],
    required: &[],
    others: Others::Extensions,
};

/// An item of `post_start` and `pre_stop`; `exec` of a watch.
pub(super) static HOOK: Object = Object {
    what: "a hook",
    keys: &[&[
        key("command", COMMAND).shown(Always),
        key("user", TEXT),
        key("privileged", FLAG),
        key("working_dir", TEXT),
        key("environment", VARIABLE_SET),
    ]],
    required: &["command"],
    others: Others::Extensions,
};

/// `logging`.
pub(super) static LOGGING: Object = Object {
    what: "logging",
    keys: &[&[
        key("driver", TEXT),
        key(
            "options",
            Kind::Map(
                Names::Any,
                &Kind::Scalar(
                    Types::STRING.or(Types::NUMBER).or(Types::NULL),
                    super::Meaning::Text,
                ),
            ),
        ),
    ]],
    required: &[],
    others: Others::Extensions,
};

/// A model that a service uses.
pub(super) static USED_MODEL: Object = Object {
    what: "the use of a model",
    keys: &[&[key("endpoint_var", TEXT), key("model_var", TEXT)]],
    required: &[],
    others: Others::Extensions,
};

/// A network that a service is on.
pub(super) static ATTACHMENT: Object = Object {
    what: "the use of a network",
    keys: &[&[
        key("aliases", SET),
        key("driver_opts", super::DRIVER_OPTIONS),
        key("gw_priority", PRIORITY),
        key("interface_name", TEXT),
        key("ipv4_address", TEXT),
        key("ipv6_address", TEXT),
        key("link_local_ips", SET),
        key("mac_address", TEXT),
        key("priority", PRIORITY),
    ]],
    required: &[],
    others: Others::Extensions,
};
const PRIORITY: Kind = Kind::Scalar(Types::NUMBER, super::Meaning::Integer);

/// `extra_hosts`.
pub(super) const HOSTS: Kind = Kind::Printed(
    Form::Hosts,
    &Kind::Either(&[Kind::Map(Names::NotEmpty, &super::TEXT_OR_LIST), SET]),
);

/// `secrets` and `configs` of a service or a build.
pub(super) const FILES: Kind = Kind::List(&Kind::Either(&[TEXT, Kind::Object(&FILE)]));
static FILE: Object = Object {
    what: "a secret or config",
    keys: &[&[
        key("source", TEXT),
        key("target", TEXT),
        key("uid", TEXT),
        key("gid", TEXT),
        key("mode", Kind::Scalar(Types::NUMBER.or(Types::STRING), Mode)).shown(Written),
    ]],
    required: &[],
    others: Others::Extensions,
};

/// `ulimits`.
pub(super) const LIMITS: Kind = Kind::Map(
    Names::Any,
    &Kind::Printed(Form::Limit, &Kind::Either(&[INTEGER, Kind::Object(&LIMIT)])),
);
static LIMIT: Object = Object {
    what: "a limit",
    keys: &[&[key("soft", INTEGER), key("hard", INTEGER)]],
    required: &["soft", "hard"],
    others: Others::Extensions,
};

/// An item of `volumes` of a service.
pub(super) static MOUNT: Object = Object {
    what: "a mount",
    keys: &[&[
        key("type", Kind::Choice(&["bind", "volume", "tmpfs", "cluster", "npipe", "image"])),
        key("source", TEXT),
        key("target", TEXT),
        key("read_only", FLAG),
        key("consistency", TEXT),
        key("bind", Kind::Object(&BIND)),
        key("volume", Kind::Object(&VOLUME_MOUNT)),
        key("tmpfs", Kind::Object(&TMPFS)),
        key("image", Kind::Object(&IMAGE_MOUNT)),
    ]],
    required: &["type"],
    others: Others::Extensions,
};
static BIND: Object = Object {
    what: "the options of a bind mount",
    keys: &[&[
        key("propagation", TEXT),
        key("create_host_path", FLAG).shown(False),
        key("recursive", Kind::Choice(&["enabled", "disabled", "writable", "readonly"])),
        key("selinux", Kind::Choice(&["z", "Z"])),
    ]],
    required: &[],
    others: Others::Extensions,
};
static VOLUME_MOUNT: Object = Object {
    what: "the options of a volume",
    keys: &[&[key("labels", LABEL_SET), key("nocopy", FLAG), key("subpath", TEXT)]],
    required: &[],
    others: Others::Extensions,
};
static TMPFS: Object = Object {
    what: "the options of a tmpfs",
    keys: &[&[
        key("size", Kind::Within(0, i64::MAX, super::Meaning::Bytes)),
        key("mode", Kind::Scalar(Types::NUMBER.or(Types::STRING), super::Meaning::Bits)),
    ]],
    required: &[],
    others: Others::Extensions,
};
static IMAGE_MOUNT: Object = Object {
    what: "the options of an image mount",
    keys: &[&[key("subpath", TEXT)]],
    required: &[],
    others: Others::Extensions,
};

/// An item of `ports`.
pub(super) static PORT: Object = Object {
    what: "a port",
    keys: &[&[
        key("name", TEXT),
        key("mode", TEXT),
        key("host_ip", TEXT),
        key("target", UNSIGNED),
        key("published", Kind::Scalar(Types::STRING.or(Types::INTEGER), super::Meaning::Text)),
        key("protocol", TEXT),
        key("app_protocol", TEXT),
    ]],
    required: &[],
    others: Others::Extensions,
};

/// `develop`.
pub(super) static DEVELOP: Object = Object {
    what: "`develop`",
    keys: &[&[key("watch", Kind::List(&Kind::Object(&WATCH)))]],
    required: &[],
    others: Others::Extensions,
};
static WATCH: Object = Object {
    what: "a watch",
    keys: &[&[
        key("path", TEXT),
        key("action", Kind::Choice(&["rebuild", "sync", "restart", "sync+restart", "sync+exec"])),
        key("target", TEXT),
        key("exec", Kind::Object(&HOOK)).shown(Always),
        key("include", TEXT_OR_SET),
        key("ignore", TEXT_OR_SET),
        key("initial_sync", BOOLEAN),
    ]],
    required: &["path", "action"],
    others: Others::Extensions,
};

/// `build`.
pub(super) static BUILD: Object = Object {
    what: "a build",
    keys: &[&[
        key("context", TEXT),
        key("dockerfile", TEXT),
        key("dockerfile_inline", TEXT),
        key("additional_contexts", LABELS),
        key("args", Kind::Printed(Form::Arguments, &VARIABLES)),
        key("cache_from", super::TEXTS),
        key("cache_to", super::TEXTS),
        key("entitlements", super::TEXTS),
        key("extra_hosts", HOSTS),
        key("isolation", TEXT),
        key("labels", LABELS),
        key("network", TEXT),
        key("no_cache", FLAG),
        key("no_cache_filter", TEXT_OR_SET),
        key("platforms", super::TEXTS),
        key("privileged", FLAG),
        key("provenance", ATTESTATION),
        key("pull", FLAG),
        key("sbom", ATTESTATION),
        key("secrets", FILES),
        key("shm_size", WHOLE_BYTES),
        key("ssh", Kind::Printed(Form::Ssh, &LABEL_SET)),
        key("tags", super::TEXTS),
        key("target", TEXT),
        key("ulimits", LIMITS),
    ]],
    required: &[],
    others: Others::Extensions,
};
const ATTESTATION: Kind = Kind::Scalar(Types::STRING.or(Types::BOOL), super::Meaning::Text);

/// `deploy`.
pub(super) static DEPLOY: Object = Object {
    what: "`deploy`",
    keys: &[&[
        key("mode", TEXT),
        key("endpoint_mode", TEXT),
        key("replicas", INTEGER).shown(Written),
        key("labels", LABELS),
        key("update_config", Kind::Object(&UPDATE)),
        key("rollback_config", Kind::Object(&UPDATE)),
        key("resources", Kind::Object(&RESOURCES)).shown(Always),
        key("restart_policy", Kind::Object(&RESTART)),
        key("placement", Kind::Object(&PLACEMENT)).shown(Always),
    ]],
    required: &[],
    others: Others::Extensions,
};
static UPDATE: Object = Object {
    what: "an update policy",
    keys: &[&[
        key("parallelism", UNSIGNED).shown(Written),
        key("delay", DURATION),
        key("failure_action", TEXT),
        key("monitor", DURATION),
        key("max_failure_ratio", super::FRACTION),
        key("order", Kind::Choice(&["start-first", "stop-first"])),
    ]],
    required: &[],
    others: Others::Extensions,
};
static RESOURCES: Object = Object {
    what: "resources",
    keys: &[&[
        key("limits", Kind::Object(&RESOURCE_LIMITS)),
        key("reservations", Kind::Object(&RESERVATIONS)),
    ]],
    required: &[],
    others: Others::Extensions,
};
const MEMORY: Kind = Kind::Scalar(Types::STRING, super::Meaning::Bytes);
static RESOURCE_LIMITS: Object = Object {
    what: "resource limits",
    keys: &[&[key("cpus", super::FRACTION), key("memory", MEMORY), key("pids", INTEGER)]],
    required: &[],
    others: Others::Extensions,
};
static RESERVATIONS: Object = Object {
    what: "resource reservations",
    keys: &[&[
        key("cpus", super::FRACTION),
        key("memory", MEMORY),
        key("generic_resources", Kind::List(&Kind::Object(&GENERIC_RESOURCE))),
        key("devices", Kind::List(&Kind::Object(&RESERVED_DEVICE))),
    ]],
    required: &[],
    others: Others::Extensions,
};
static GENERIC_RESOURCE: Object = Object {
    what: "a generic resource",
    keys: &[&[key("discrete_resource_spec", Kind::Object(&DISCRETE_RESOURCE))]],
    required: &[],
    others: Others::Extensions,
};
static DISCRETE_RESOURCE: Object = Object {
    what: "a discrete resource",
    keys: &[&[key("kind", TEXT).shown(Always), key("value", NUMBER).shown(Always)]],
    required: &[],
    others: Others::Extensions,
};
static RESTART: Object = Object {
    what: "a restart policy",
    keys: &[&[
        key("condition", TEXT),
        key("delay", DURATION).shown(Written),
        key("max_attempts", UNSIGNED).shown(Written),
        key("window", DURATION).shown(Written),
    ]],
    required: &[],
    others: Others::Extensions,
};
static PLACEMENT: Object = Object {
    what: "placement",
    keys: &[&[
        key("constraints", super::TEXTS),
        key("preferences", Kind::List(&Kind::Object(&PREFERENCE))),
        key("max_replicas_per_node", UNSIGNED),
    ]],
    required: &[],
    others: Others::Extensions,
};
static PREFERENCE: Object = Object {
    what: "a placement preference",
    keys: &[&[key("spread", TEXT)]],
    required: &[],
    others: Others::Extensions,
};
