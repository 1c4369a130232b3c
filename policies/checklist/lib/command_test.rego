package checklist.lib.command_test

import data.checklist.lib.command

named(name, args) := {"name": name, "args": args}

curl(args) := named("curl", args)

valued := ["o", "H", "x"]

test_flags if {
	command.flags(curl(["-k", "u"]), "k", "--insecure", valued) == [0]
	command.flags(curl(["u", "--insecure"]), "k", "--insecure", valued) == [1]
	command.flags(curl(["-fsSLk", "u"]), "k", "--insecure", valued) == [0]
	command.flags(curl(["-ko", "x", "-k"]), "k", "--insecure", valued) == [0, 2]
}

test_what_looks_like_a_flag if {
	command.flags(curl(["-oklog", "u"]), "k", "--insecure", valued) == []
	command.flags(curl(["-so", "k"]), "k", "--insecure", valued) == []
	command.flags(curl(["--keepalive"]), "k", "--insecure", valued) == []
	command.flags(curl(["--insecure-not"]), "k", "--insecure", valued) == []
	command.flags(curl([]), "k", "--insecure", valued) == []
}

test_options if {
	command.options(curl(["-o", "a"]), "-o", "--output") == [{"index": 1, "value": "a"}]
	command.options(curl(["-oa"]), "-o", "--output") == [{"index": 0, "value": "a"}]
	command.options(curl(["--output", "a"]), "-o", "--output") == [{"index": 1, "value": "a"}]
	command.options(curl(["--output=a=b"]), "-o", "--output") == [{"index": 0, "value": "a=b"}]
	command.options(curl(["-sSo", "a"]), "-o", "--output") == [{"index": 1, "value": "a"}]
	command.options(curl(["--so", "a"]), "-o", "--output") == []
	command.options(curl(["--output", "a"]), "--output", "--output") == [{"index": 1, "value": "a"}]
	command.options(curl(["-o"]), "-o", "--output") == []
	command.options(curl(["-so"]), "-o", "--output") == []
	command.options(curl(["-sS", "a"]), "-o", "--output") == []
	command.options(curl(["-s0o", "a"]), "-o", "--output") == []
	command.options(curl(["-oto", "a"]), "-o", "--output") == [{"index": 0, "value": "to"}]
	command.options(curl(["--output-dir=a"]), "-o", "--output") == []
	command.options(curl(["--output-dir=a"]), "--output", "--output") == []
	command.options(curl(["=a"]), "-o", "--output") == []
	command.options(curl(["-xFile", "a"]), "-File", "-File") == []
	count(command.options(curl(["-oa", "-o", "b"]), "-o", "--output")) == 2
}

test_downloads if {
	command.downloads(curl(["-fsSL", "https://a.test/x"])) == [{"index": 1, "url": "https://a.test/x"}]
	command.downloads(named("wget", ["HTTP://a.test"])) == [{"index": 0, "url": "HTTP://a.test"}]
	command.downloads(curl(["--url=http://a.test"])) == [{"index": 0, "url": "http://a.test"}]
	command.downloads(curl(["-x", "http://proxy.test", "https://a.test"])) == [{
		"index": 2,
		"url": "https://a.test",
	}]
}

test_no_downloads if {
	command.downloads(named("echo", ["https://a.test"])) == []
	command.downloads(curl(["--header=https://a.test", "a.test", "file:///x", "http", "https:/a.test"])) == []
	command.downloads(named(null, [])) == []
}

test_downloaders if {
	programs := ["curl", "wget", "wget2", "aria2c", "axel"]
	found := [program |
		some program in programs
		count(command.downloads(named(program, ["ftp://a.test", "ftps://a.test", "http://a.test"]))) == 3
	]
	found == ["curl", "wget", "wget2", "aria2c"]
}

test_urls_that_are_not_downloaded if {
	options := [
		"-x", "--proxy", "--preproxy", "-e", "--referer", "-H", "--header", "--proxy-header", "-d",
		"--data", "--data-raw", "--data-binary", "--data-urlencode", "--json", "-F", "--form", "-A",
		"--user-agent", "--doh-url", "-B", "--base", "--post-data", "--body-data", "-b", "--cookie",
	]
	[option | some option in options; command.downloads(curl([option, "https://a.test"])) != []] == []
	count(command.downloads(curl(["https://a.test", "-H"]))) == 1
	count(command.downloads(curl(["-H", "a: b", "https://a.test"]))) == 1
}

test_hosts if {
	command.host("https://Get.Docker.com") == "get.docker.com"
	command.host("http://user:pass@a.test:8080/x@y?z") == "a.test"
	command.host("http://localhost?x") == "localhost"
	command.host("http://[::1]:80/") == "[::1]"
	command.host("https://$HOST/x") == "$host"
	not command.host("a.test/x")
}

test_unread if {
	run := {"needed": true, "incomplete": ["commands"]}
	count(command.unread({"runs": [run, object.union(run, {"incomplete": []})]})) == 1
	command.unread({"runs": [object.union(run, {"incomplete": ["mounts"]})]}) == []
	command.unread({"runs": [object.union(run, {"needed": false})]}) == []
}

test_pipes if {
	# curl … | sudo bash; ls
	run := {"commands": [
		{"pipe_to": 1, "pipe_from": null},
		{"pipe_to": null, "pipe_from": 0},
		{"pipe_to": null, "pipe_from": 0},
		{"pipe_to": null, "pipe_from": null},
	]}
	graph.reachable(command.writers(run), {2}) == {0, 2}
	graph.reachable(command.readers(run), {0}) == {0, 1}
	graph.reachable(command.readers(run), {3}) == {3}
}
