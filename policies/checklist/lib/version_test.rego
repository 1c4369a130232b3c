package checklist.lib.version_test

import data.checklist.lib.version

test_numbers if {
	version.numbers("20.10.24+dfsg1") == [20, 10, 24]
	version.numbers("v1.7.27") == [1, 7, 27]
	version.numbers("29.1.3-ce") == [29, 1, 3]
	version.numbers("17") == [17]
}

test_no_numbers if {
	not version.numbers("dev")
	not version.numbers("")
}

test_order if {
	version.numbers("20.10.9") < version.numbers("20.10.10")
	version.numbers("1.1") < version.numbers("1.1.0")
}

test_with_build if {
	version.with_build("5.14.0-503.11.1.el9_5.x86_64") == [5, 14, 0, 503, 11, 1]
	version.with_build("6.1.0-18-amd64") == [6, 1, 0, 18]
}
