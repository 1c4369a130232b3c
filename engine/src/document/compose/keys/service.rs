//! Services and jobs: what runs in containers.

use super::Meaning::{Fraction, Id, Integer, Text, Variable};
use super::Shown::{Always, Written};
use super::container::{
    ATTACHMENT, BLOCK_IO, BUILD, CREDENTIALS, DEPLOY, DEVELOP, DEVICE, ENV_FILE, FILES, GPU,
    HEALTHCHECK, HOOK, HOSTS, LIMITS, LOGGING, MOUNT, PORT, USED_MODEL,
};
use super::{
    BOOLEAN, BYTES, COMMAND, DURATION, FLAG, FRACTION, Form, INTEGER, Key, Kind, LABELS, NUMBER,
    Names, Object, Others, SET, TEXT, TEXT_OR_LIST, TEXT_OR_SET, Types, VARIABLES, WHOLE_BYTES,
    key,
};

/// A service: what runs, how it is built and started, and what only services have.
pub(super) static SERVICE: Object = Object {
    what: "a service",
    keys: &[CONTAINER, WORKLOAD, SERVICE_ONLY],
    required: &[],
    others: Others::Extensions,
};

/// A job: what runs once, when something triggers it.
pub(super) static JOB: Object = Object {
    what: "a job",
    keys: &[CONTAINER, WORKLOAD, JOB_ONLY],
    required: &["triggers"],
    others: Others::Extensions,
};

/// An item of `pre_start`: a container that runs before the service does, and that has what the
/// service has where it says nothing.
static PRE_START: Object = Object {
    what: "a hook",
    keys: &[CONTAINER, &[key("per_replica", FLAG)]],
    required: &[],
    others: Others::Extensions,
};

const ONE_OR_NONE: Types = Types::STRING.or(Types::NULL);
const NOTHING: Kind = Kind::Scalar(Types::NULL, Variable);

/// What a container is made of.
pub(in super::super) static CONTAINER: &[Key] = &[
    key("annotations", LABELS),
    key("blkio_config", Kind::Object(&BLOCK_IO)),
    key("cap_add", SET),
    key("cap_drop", SET),
    key("cgroup", Kind::Choice(&["host", "private"])),
    key("cgroup_parent", TEXT),
    key("command", COMMAND).shown(Always),
    key("configs", FILES),
    key("cpu_count", Kind::Within(0, i64::MAX, Integer)),
    key("cpu_percent", Kind::Within(0, 100, Fraction)),
    key("cpu_period", NUMBER),
    key("cpu_quota", NUMBER),
    key("cpu_rt_period", NUMBER),
    key("cpu_rt_runtime", NUMBER),
    key("cpu_shares", NUMBER),
    key("cpus", FRACTION),
    key("cpuset", TEXT),
    key("credential_spec", Kind::Object(&CREDENTIALS)),
    key("device_cgroup_rules", SET),
    key("devices", Kind::List(&Kind::Either(&[TEXT, Kind::Object(&DEVICE)]))),
    key("dns", TEXT_OR_SET),
    key("dns_opt", SET),
    key("dns_search", TEXT_OR_SET),
    key("domainname", TEXT),
    key("entrypoint", COMMAND).shown(Always),
    key("env_file", ENV_FILES),
    key("environment", VARIABLES),
    key("extra_hosts", HOSTS),
    key("gpus", Kind::Either(&[Kind::Choice(&["all"]), Kind::List(&Kind::Object(&GPU))])),
    key("group_add", Kind::Set(&Kind::Scalar(Types::STRING.or(Types::NUMBER), Id))),
    key("hostname", TEXT),
    key("image", TEXT),
    key("init", FLAG).shown(Written),
    key("ipc", TEXT),
    key("isolation", TEXT),
    key("label_file", TEXT_OR_LIST),
    key("labels", LABELS),
    key("logging", Kind::Object(&LOGGING)),
    key("mac_address", TEXT),
    key("mem_limit", BYTES),
    key("mem_reservation", WHOLE_BYTES),
    key("mem_swappiness", WHOLE_BYTES),
    key("memswap_limit", BYTES),
    key("models", USED_MODELS),
    key("network_mode", TEXT),
    key("networks", ATTACHMENTS),
    key("oom_kill_disable", FLAG),
    key("oom_score_adj", Kind::Within(-1000, 1000, Integer)),
    key("pid", Kind::Scalar(ONE_OR_NONE, Text)),
    key("pids_limit", NUMBER),
    key("platform", TEXT),
    key("privileged", FLAG),
    key("pull_policy", Kind::Matching(is_pull_policy, PULL_POLICIES)),
    key("pull_refresh_after", TEXT),
    key("read_only", FLAG),
    key("runtime", TEXT),
    key("secrets", FILES),
    key("security_opt", SET),
    key("shm_size", BYTES),
    key("stop_grace_period", DURATION).shown(Written),
    key("stop_signal", TEXT),
    key("storage_opt", Kind::Map(Names::Any, &Kind::Scalar(OPTION, Id))),
    key("sysctls", LABELS),
    key("tmpfs", TEXT_OR_SET),
    key("ulimits", LIMITS),
    key("use_api_socket", BOOLEAN),
    key("user", TEXT),
    key("userns_mode", TEXT),
    key("uts", TEXT),
    key("volumes", Kind::List(&Kind::Either(&[TEXT, Kind::Object(&MOUNT)]))),
    key("volumes_from", SET),
    key("working_dir", TEXT),
];

/// What a container has that is built, reached and waited for: a service or a job.
static WORKLOAD: &[Key] = &[
    key("build", Kind::Either(&[TEXT, Kind::Object(&BUILD)])),
    key("depends_on", DEPENDENCIES),
    key("expose", Kind::Set(&Kind::Scalar(Types::STRING.or(Types::NUMBER), Id))),
    key("healthcheck", Kind::Object(&HEALTHCHECK)),
    key("ports", Kind::List(&Kind::Either(&[PORT_TEXT, Kind::Object(&PORT)]))),
    key("stdin_open", FLAG),
    key("tty", FLAG),
];

/// What only a service has.
static SERVICE_ONLY: &[Key] = &[
    key("attach", FLAG).shown(Written),
    key("container_name", Kind::Matching(is_container_name, CONTAINER_NAME)),
    key("deploy", Kind::Either(&[NOTHING, Kind::Object(&DEPLOY)])),
    key("develop", Kind::Either(&[NOTHING, Kind::Object(&DEVELOP)])),
    key("extends", Kind::Either(&[TEXT, Kind::Object(&EXTENDS)])),
    key("external_links", SET),
    key("links", SET),
    key("post_start", Kind::List(&Kind::Object(&HOOK))),
    key("pre_start", Kind::List(&Kind::Object(&PRE_START))),
    key("pre_stop", Kind::List(&Kind::Object(&HOOK))),
    key("profiles", SET),
    key("provider", Kind::Object(&PROVIDER)),
    key("restart", TEXT),
    key("scale", INTEGER).shown(Written),
];

/// What only a job has.
static JOB_ONLY: &[Key] = &[key("profiles", SET), key("triggers", Kind::Object(&TRIGGERS))];

static TRIGGERS: Object = Object {
    what: "triggers",
    keys: &[&[
        key("manual", FLAG).shown(Written),
        key("schedule", Kind::List(&Kind::Either(&[TEXT, Kind::Object(&SCHEDULE)]))),
    ]],
    required: &[],
    others: Others::Extensions,
};
static SCHEDULE: Object = Object {
    what: "a schedule",
    keys: &[&[
        key("cron", TEXT),
        key("timezone", TEXT),
        key("concurrency", Kind::Choice(&["forbid", "queue"])),
        key("missed_fires", Kind::Choice(&["one", "skip"])),
    ]],
    required: &["cron"],
    others: Others::Extensions,
};

const ENV_FILES: Kind =
    Kind::Either(&[TEXT, Kind::List(&Kind::Either(&[TEXT, Kind::Object(&ENV_FILE)]))]);
const USED_MODELS: Kind = Kind::Either(&[
    SET,
    Kind::Map(Names::Any, &Kind::Either(&[NOTHING, Kind::Object(&USED_MODEL)])),
]);
const ATTACHMENTS: Kind = Kind::Either(&[
    SET,
    Kind::Map(Names::Identifier, &Kind::Either(&[NOTHING, Kind::Object(&ATTACHMENT)])),
]);
const DEPENDENCIES: Kind =
    Kind::Either(&[SET, Kind::Map(Names::Identifier, &Kind::Object(&DEPENDENCY))]);
const PORT_TEXT: Kind = Kind::Scalar(Types::STRING.or(Types::NUMBER), Text);
/// The schema allows anything as an option of the storage; the model has text only.
const OPTION: Types = Types::STRING.or(Types::NUMBER).or(Types::NULL);

static DEPENDENCY: Object = Object {
    what: "a dependency",
    keys: &[&[
        key(
            "condition",
            Kind::Choice(&["service_started", "service_healthy", "service_completed_successfully"]),
        ),
        key("restart", FLAG),
        key("required", BOOLEAN).shown(Always),
    ]],
    required: &["condition"],
    others: Others::Extensions,
};

static EXTENDS: Object = Object {
    what: "`extends`",
    keys: &[&[key("service", TEXT), key("file", TEXT)]],
    required: &["service"],
    others: Others::No,
};

static PROVIDER: Object = Object {
    what: "a provider",
    keys: &[&[
        key("type", TEXT),
        key("options", Kind::Printed(Form::Options, &Kind::Map(Names::Any, &PROVIDER_OPTION))),
    ]],
    required: &["type"],
    others: Others::Extensions,
};
const PROVIDER_OPTION: Kind = Kind::Either(&[ONE, Kind::List(&ONE)]);
const ONE: Kind = Kind::Scalar(Types::STRING.or(Types::NUMBER).or(Types::BOOL), Text);

const CONTAINER_NAME: &str =
    "have a letter or digit, and after it at least one of letters, digits, `_`, `.` and `-`";

/// The schema's pattern is not anchored: it asks that a name be somewhere in the text.
fn is_container_name(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-');
    bytes.windows(2).any(|pair| match pair {
        [first, second] => first.is_ascii_alphanumeric() && is_name(*second),
        _ => false,
    })
}

const PULL_POLICIES: &str = "be always, never, missing, build, if_not_present, refresh, daily, \
                             weekly or every_ with a time such as every_12h";

fn is_pull_policy(text: &str) -> bool {
    let fixed =
        ["always", "never", "build", "if_not_present", "missing", "refresh", "daily", "weekly"];
    fixed.contains(&text) || text.strip_prefix("every_").is_some_and(is_interval)
}

/// Whether a text is `([0-9]+[wdhms])+`.
fn is_interval(text: &str) -> bool {
    let mut digits = 0;
    for char in text.chars() {
        match char {
            '0'..='9' => digits += 1,
            'w' | 'd' | 'h' | 'm' | 's' if digits > 0 => digits = 0,
            _ => return false,
        }
    }
    !text.is_empty() && digits == 0
}
