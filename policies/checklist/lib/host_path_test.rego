package checklist.lib.host_path_test

import data.checklist.lib.host_path

test_within if {
	host_path.is_within("/etc", "/etc")
	host_path.is_within("/etc/ssl/certs", "/etc/")
	host_path.is_within("/etc", "/")
	not host_path.is_within("/", "/etc")
	not host_path.is_within("/etcetera", "/etc")
	not host_path.is_within("/opt/etc", "/etc")
}

test_var_run_is_run if {
	host_path.is_within("/run/docker.sock", "/var/run/docker.sock")
	host_path.is_within("/var/run/docker.sock", "/run")
	host_path.is_within("/run", "/var/run")
	not host_path.is_within("/var/runner", "/run")
	not host_path.is_within("/var", "/run")
}

test_any_segment if {
	host_path.is_within("/run/user/1000/docker.sock", "/run/user/*/docker.sock")
	not host_path.is_within("/run/user/docker.sock", "/run/user/*/docker.sock")
	not host_path.is_within("/run/user/1000/x/docker.sock", "/run/user/*/docker.sock")
}

test_leads_to if {
	host_path.leads_to("/run/docker.sock", "/var/run/docker.sock")
	host_path.leads_to("/run", "/run/docker.sock")
	host_path.leads_to("/", "/run/docker.sock")
	host_path.leads_to("/run/user/1000", "/run/user/*/docker.sock")
	host_path.leads_to("/run/user", "/run/user/*/docker.sock")
	not host_path.leads_to("/run/lock", "/run/docker.sock")
	not host_path.leads_to("/var", "/run/docker.sock")
	not host_path.leads_to("/run/docker", "/run/docker.sock")
}

test_windows if {
	host_path.is_within(`C:\Windows\System32`, `c:\windows`)
	host_path.is_within("C:/Windows", `C:\`)
	not host_path.is_within(`D:\Windows`, `C:\Windows`)
	not host_path.is_within(`C:\Windows.old`, `C:\Windows`)
}

test_roots if {
	host_path.is_root("/")
	host_path.is_root(`C:\`)
	host_path.is_root("C:")
	not host_path.is_root("/etc")
	not host_path.is_root(`C:\Windows`)
}
