//! One row per package manager: programs, subcommands, options. The manuals are the source.

use super::{Action, Manager};

/// What an option does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// Answers yes.
    Yes,
    /// Leaves recommended packages out.
    NoRecommends,
    /// Keeps nothing that was downloaded.
    NoCache,
    /// Fetches the lists of packages first.
    Update,
    /// Upgrades what is installed.
    Upgrade,
    /// Changes nothing.
    DryRun,
    /// Not for the project only.
    Global,
    /// Says less; apt asks less too.
    Quiet,
    /// Takes a value that is no package.
    Value,
    /// Takes `Name=value`.
    Setting,
    /// Takes a file that lists packages.
    Requirements,
    /// Takes the name of a virtual package.
    Virtual,
    /// Takes the version of the packages that have none.
    Version,
    /// Takes a package.
    Package,
    /// Takes the kind of the packages.
    Kind,
    /// Is the operation itself.
    Does(Action),
}

impl Effect {
    pub(super) fn takes_value(self) -> bool {
        use Effect::{Kind, Package, Requirements, Setting, Value, Version, Virtual};
        matches!(self, Value | Setting | Requirements | Virtual | Version | Package | Kind)
    }
}

/// Options, their names separated by blanks.
pub(super) type Options = &'static [(&'static str, Effect)];

/// How one manager reads its arguments.
pub(super) struct Row {
    pub(super) manager: Manager,
    pub(super) programs: &'static [&'static str],
    /// Names separated by commas; none where an option is the operation.
    pub(super) subcommands: &'static [(&'static str, Action)],
    /// Options before the subcommand, where they differ.
    pub(super) global: Options,
    pub(super) options: Options,
    /// Long options start with one dash.
    pub(super) long_dash: bool,
    /// What it does without a subcommand.
    pub(super) bare: Option<Action>,
}

const ROW: Row = Row {
    manager: Manager::Apt,
    programs: &[],
    subcommands: &[],
    global: &[],
    options: &[],
    long_dash: false,
    bare: None,
};

use Action::{Clean, Install, Other, Remove, UpdateIndex, Upgrade};

const YUM_SUBCOMMANDS: &[(&str, Action)] = &[
    (
        "install, install-n, install-na, install-nevra, reinstall, localinstall, downgrade, in, \
         groupinstall, group install, groups install, module install",
        Install,
    ),
    (
        "remove, remove-n, remove-na, remove-nevra, erase, rm, autoremove, groupremove, group remove, \
         groups remove, module remove",
        Remove,
    ),
    ("makecache", UpdateIndex),
    (
        "update, upgrade, up, update-minimal, upgrade-minimal, distro-sync, dsync, system-upgrade, \
         groupupdate, group upgrade, group update",
        Upgrade,
    ),
    ("clean", Clean),
];

const YUM_OPTIONS: Options = &[
    ("-y --assumeyes", Effect::Yes),
    ("--refresh", Effect::Update),
    ("--downloadonly --assumeno", Effect::DryRun),
    ("--setopt", Effect::Setting),
    (
        "-c --config --installroot --enablerepo --enable-repo --disablerepo --disable-repo --repo \
         --repoid -x --exclude --excludepkgs --disableexcludes --disableexcludepkgs --releasever -d \
         --debuglevel -e --errorlevel -R --randomwait --disableplugin --enableplugin --color --comment \
         --forcearch --arch --advisory --advisories --bz --bzs --cve --cves --sec-severity --secseverity \
         --rpmverbosity --repofrompath --destdir --downloaddir --from-repo",
        Effect::Value,
    ),
];

const PNPM_YARN_VALUES: &str = "-C --dir --cwd --registry --prefix --modules-folder --cache-folder \
     --mutex --network-timeout --network-concurrency --proxy --https-proxy --filter -F --store-dir \
     --virtual-store-dir --loglevel --reporter --use-yarnrc --global-folder --child-concurrency \
     --global-dir --preferred-cache-folder --lockfile-dir --omit";

const CONDA_SUBCOMMANDS: &[(&str, Action)] = &[
    ("install, create", Install),
    ("remove, uninstall", Remove),
    ("update, upgrade", Upgrade),
    ("clean", Clean),
];

const CONDA_VALUES: &str = "-c --channel -n --name -p --prefix -r --root-prefix --solver --experimental-solver \
                 --repodata-fn --clone --platform --subdir --strategy --rc-file --log-level";

/// The managers.
pub(super) const MANAGERS: &[Row] = &[
    Row {
        manager: Manager::Apt,
        programs: &["apt-get", "apt", "aptitude"],
        subcommands: &[
            ("install, reinstall", Install),
            ("remove, purge, autoremove, autopurge, auto-remove", Remove),
            ("update", UpdateIndex),
            ("upgrade, dist-upgrade, full-upgrade, safe-upgrade, dselect-upgrade", Upgrade),
            ("clean, autoclean, auto-clean, distclean, dist-clean", Clean),
        ],
        options: &[
            ("-y --yes --assume-yes --force-yes", Effect::Yes),
            ("-q --quiet", Effect::Quiet),
            ("--no-install-recommends -R --without-recommends", Effect::NoRecommends),
            ("-U --update", Effect::Update),
            (
                "-s --simulate --just-print --dry-run --recon --no-act -d --download-only --print-uris",
                Effect::DryRun,
            ),
            ("-o --option", Effect::Setting),
            (
                "-t --target-release --default-release -c --config-file -a --host-architecture -P \
                 --build-profiles --with-source -S --snapshot",
                Effect::Value,
            ),
        ],
        ..ROW
    },
    Row {
        manager: Manager::Dpkg,
        programs: &["dpkg"],
        options: &[
            ("-i --install --unpack", Effect::Does(Install)),
            ("-r --remove -P --purge", Effect::Does(Remove)),
            (
                "-l --list -L --listfiles -s --status -S --search -p --print-avail -c --contents -I --info \
                 -x --extract -X --vextract -e --control -b --build -C --audit -V --verify --configure \
                 --add-architecture --remove-architecture --print-architecture --get-selections \
                 --set-selections --compare-versions --version",
                Effect::Does(Other),
            ),
            ("--no-act --dry-run --simulate", Effect::DryRun),
            ("--root --admindir --instdir -D --debug -a", Effect::Value),
        ],
        ..ROW
    },
    Row {
        manager: Manager::Apk,
        programs: &["apk"],
        subcommands: &[
            ("add", Install),
            ("del", Remove),
            ("update", UpdateIndex),
            ("upgrade", Upgrade),
            ("cache clean, cache purge", Clean),
        ],
        options: &[
            ("--no-cache", Effect::NoCache),
            ("-U --update-cache --update", Effect::Update),
            ("-u --upgrade", Effect::Upgrade),
            ("-s --simulate", Effect::DryRun),
            ("-t --virtual", Effect::Virtual),
            (
                "-p --root -X --repository --keys-dir --repositories-file --repository-config --wait --arch \
                 --cache-dir --cache-max-age --progress-fd --timeout --cache-packages-dir",
                Effect::Value,
            ),
        ],
        ..ROW
    },
    Row {
        manager: Manager::Yum,
        programs: &["yum"],
        subcommands: YUM_SUBCOMMANDS,
        options: YUM_OPTIONS,
        ..ROW
    },
    Row {
        manager: Manager::Dnf,
        programs: &["dnf", "dnf5", "dnf-3"],
        subcommands: YUM_SUBCOMMANDS,
        options: YUM_OPTIONS,
        ..ROW
    },
    Row {
        manager: Manager::Microdnf,
        programs: &["microdnf"],
        subcommands: YUM_SUBCOMMANDS,
        options: YUM_OPTIONS,
        ..ROW
    },
    Row {
        manager: Manager::Tdnf,
        programs: &["tdnf"],
        subcommands: YUM_SUBCOMMANDS,
        options: YUM_OPTIONS,
        ..ROW
    },
    Row {
        manager: Manager::Zypper,
        programs: &["zypper"],
        subcommands: &[
            ("install, in, install-new-recommends, inr", Install),
            ("remove, rm", Remove),
            ("refresh, ref", UpdateIndex),
            ("update, up, dist-upgrade, dup, patch", Upgrade),
            ("clean, cc", Clean),
        ],
        global: &[
            ("-n --non-interactive", Effect::Yes),
            (
                "-R --root --installroot -c --config -D --reposd-dir -C --cache-dir --raw-cache-dir \
                 --solv-cache-dir --pkg-cache-dir -p --plus-repo --plus-content --userdata --releasever",
                Effect::Value,
            ),
        ],
        options: &[
            ("-y --no-confirm", Effect::Yes),
            ("--no-recommends", Effect::NoRecommends),
            ("-D --dry-run -d --download-only", Effect::DryRun),
            ("-t --type", Effect::Kind),
            ("-r --repo --from --download", Effect::Value),
        ],
        ..ROW
    },
    Row {
        manager: Manager::Rpm,
        programs: &["rpm"],
        options: &[
            ("-i --install -U --upgrade -F --freshen --reinstall", Effect::Does(Install)),
            ("-e --erase", Effect::Does(Remove)),
            (
                "-q --query -V --verify -K --checksig --import --initdb --rebuilddb --eval -E --setperms \
                 --showrc --version",
                Effect::Does(Other),
            ),
            ("--test", Effect::DryRun),
            (
                "-r --root --dbpath --prefix --relocate -D --define --undefine --rcfile --macros \
                 --excludepath --pipe --qf --queryformat",
                Effect::Value,
            ),
        ],
        ..ROW
    },
    Row {
        manager: Manager::Pacman,
        programs: &["pacman", "yay", "paru"],
        options: &[
            ("-S --sync -U", Effect::Does(Install)),
            ("-R --remove", Effect::Does(Remove)),
            ("-Q --query -F --files -D --database -T --deptest", Effect::Does(Other)),
            ("-y --refresh", Effect::Update),
            ("-u --sysupgrade", Effect::Upgrade),
            ("--noconfirm", Effect::Yes),
            ("--downloadonly --print", Effect::DryRun),
            (
                "-b --dbpath -r --root --arch --cachedir --color --config --gpgdir --hookdir --logfile \
                 --sysroot --ignore --ignoregroup --overwrite --assume-installed --print-format",
                Effect::Value,
            ),
        ],
        ..ROW
    },
    Row {
        manager: Manager::Pip,
        programs: &["pip"],
        subcommands: &[
            ("install, sync", Install),
            ("uninstall", Remove),
            ("cache purge, cache remove", Clean),
        ],
        options: &[
            ("-y --yes --no-input", Effect::Yes),
            ("--no-cache-dir --no-cache", Effect::NoCache),
            ("-U --upgrade", Effect::Upgrade),
            ("--dry-run", Effect::DryRun),
            ("-r --requirement --requirements --group", Effect::Requirements),
            ("-e --editable", Effect::Package),
            (
                "-c --constraint --constraints --override -t --target --prefix --root --src -i --index-url \
                 --pypi-url --extra-index-url --index --default-index -f --find-links --no-binary \
                 --only-binary --platform --python-version --implementation --abi --python -p \
                 --progress-bar --report --log --proxy --retries --timeout --exists-action --trusted-host \
                 --allow-insecure-host --cert --client-cert --cache-dir --use-feature --use-deprecated \
                 --keyring-provider -C --config-setting --config-settings --global-option --build-option \
                 --install-option --upgrade-strategy --root-user-action -b --build -d --dest \
                 --resume-retries --link-mode --index-strategy --exclude-newer --extra --build-constraint",
                Effect::Value,
            ),
        ],
        ..ROW
    },
    Row {
        manager: Manager::Pipx,
        programs: &["pipx"],
        subcommands: &[("install, inject", Install), ("uninstall", Remove), ("upgrade", Upgrade)],
        options: &[
            ("--global", Effect::Global),
            (
                "--python --pip-args -i --index-url --suffix --spec --preinstall --backend",
                Effect::Value,
            ),
        ],
        ..ROW
    },
    Row {
        manager: Manager::Npm,
        programs: &["npm"],
        subcommands: &[
            (
                "install, i, in, ins, inst, insta, instal, isnt, isnta, isntal, isntall, add, ci, \
                 clean-install, ic, install-clean, isntall-clean, install-test, it, cit",
                Install,
            ),
            ("uninstall, unlink, remove, rm, r, un", Remove),
            ("update, up, upgrade, udpate", Upgrade),
            ("cache clean, cache clear, cache rm", Clean),
        ],
        options: &[
            ("-g --global", Effect::Global),
            ("-y --yes", Effect::Yes),
            ("--dry-run", Effect::DryRun),
            (
                "--prefix -C --registry --loglevel --cache --userconfig --globalconfig --tag -w --workspace \
                 --omit --include --only --also --save-prefix --before --depth --install-strategy \
                 --node-options --scope --otp --auth-type --access --location --proxy --https-proxy --noproxy \
                 --script-shell --fetch-retries --fetch-timeout --maxsockets --cpu --os --libc --arch --target \
                 --audit-level --cafile --python",
                Effect::Value,
            ),
        ],
        ..ROW
    },
    Row {
        manager: Manager::Yarn,
        programs: &["yarn", "yarnpkg"],
        subcommands: &[
            ("install, add, global add", Install),
            ("remove, global remove", Remove),
            ("upgrade, up, global upgrade", Upgrade),
            ("cache clean", Clean),
        ],
        options: &[("--non-interactive", Effect::Yes), (PNPM_YARN_VALUES, Effect::Value)],
        bare: Some(Install),
        ..ROW
    },
    Row {
        manager: Manager::Pnpm,
        programs: &["pnpm"],
        subcommands: &[
            ("install, i, add, ci", Install),
            ("remove, rm, uninstall, un", Remove),
            ("update, up, upgrade", Upgrade),
            ("store prune", Clean),
        ],
        options: &[("-g --global", Effect::Global), (PNPM_YARN_VALUES, Effect::Value)],
        ..ROW
    },
    Row {
        manager: Manager::Gem,
        programs: &["gem"],
        subcommands: &[
            ("install, i", Install),
            ("uninstall", Remove),
            ("update", Upgrade),
            ("cleanup", Clean),
        ],
        options: &[
            ("-v --version", Effect::Version),
            ("-x --executables", Effect::Yes),
            ("--explain", Effect::DryRun),
            (
                "-i --install-dir -n --bindir -s --source --platform -P --trust-policy -p --http-proxy \
                 --config-file --build-root --without --target-rbconfig -g --file",
                Effect::Value,
            ),
        ],
        ..ROW
    },
    Row {
        manager: Manager::Go,
        programs: &["go"],
        subcommands: &[("install, get", Install), ("clean", Clean)],
        options: &[
            ("-u", Effect::Upgrade),
            ("-n", Effect::DryRun),
            (
                "-C --C -p -asmflags -buildmode -compiler -gccgoflags -gcflags -installsuffix -ldflags -mod \
                 -modfile -overlay -pgo -pkgdir -tags -toolexec -o -covermode -coverpkg",
                Effect::Value,
            ),
        ],
        long_dash: true,
        ..ROW
    },
    Row {
        manager: Manager::Cargo,
        programs: &["cargo"],
        subcommands: &[
            ("install, binstall", Install),
            ("uninstall", Remove),
            ("update", Upgrade),
            ("clean", Clean),
        ],
        options: &[
            ("--version --vers", Effect::Version),
            ("--git --path", Effect::Package),
            ("-y --no-confirm", Effect::Yes),
            ("-n --dry-run", Effect::DryRun),
            (
                "--branch --tag --rev --registry --index --root -F --features --target --target-dir --profile \
                 -j --jobs --bin --example --config --color -Z -C -p --package --manifest-path \
                 --message-format",
                Effect::Value,
            ),
        ],
        ..ROW
    },
    Row {
        manager: Manager::Composer,
        programs: &["composer", "composer.phar"],
        subcommands: &[
            (
                "install, i, require, r, req, create-project, global require, global install",
                Install,
            ),
            ("remove, rm, uninstall, global remove", Remove),
            ("update, u, upgrade, global update", Upgrade),
            ("clear-cache, clearcache, cc, cache-clear", Clean),
        ],
        options: &[
            ("-n --no-interaction", Effect::Yes),
            ("--no-cache", Effect::NoCache),
            ("--dry-run", Effect::DryRun),
            (
                "-d --working-dir --ignore-platform-req --prefer-install --apcu-autoloader-prefix --repository \
                 --stability -s --audit-format",
                Effect::Value,
            ),
        ],
        ..ROW
    },
    Row {
        manager: Manager::Conda,
        programs: &["conda", "mamba"],
        subcommands: CONDA_SUBCOMMANDS,
        options: &[
            ("-y --yes", Effect::Yes),
            ("-d --dry-run --download-only", Effect::DryRun),
            ("--file", Effect::Requirements),
            (CONDA_VALUES, Effect::Value),
        ],
        ..ROW
    },
    Row {
        manager: Manager::Conda,
        programs: &["micromamba"],
        subcommands: CONDA_SUBCOMMANDS,
        options: &[
            ("-y --yes", Effect::Yes),
            ("-d --dry-run --download-only", Effect::DryRun),
            ("-f --file", Effect::Requirements),
            (CONDA_VALUES, Effect::Value),
        ],
        ..ROW
    },
    Row {
        manager: Manager::Brew,
        programs: &["brew"],
        subcommands: &[
            ("install, reinstall", Install),
            ("uninstall, remove, rm", Remove),
            ("update", UpdateIndex),
            ("upgrade", Upgrade),
            ("cleanup", Clean),
        ],
        options: &[
            ("-n --dry-run", Effect::DryRun),
            ("--cc --env --appdir --prune --language", Effect::Value),
        ],
        ..ROW
    },
];
