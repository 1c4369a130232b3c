package checklist.lib.wildcard_test

import data.checklist.lib.wildcard

test_literals if {
	wildcard.matches("alpine", "alpine")
	not wildcard.matches("alpine", "alpine2")
	not wildcard.matches("alpine", "Alpine")
	not wildcard.matches("", "x")
	wildcard.matches("", "")
}

test_one_star if {
	wildcard.matches("*", "")
	wildcard.matches("*", "a/b")
	wildcard.matches("*-dev", "libssl-dev")
	wildcard.matches("netcat*", "netcat")
	wildcard.matches("a*b", "ab")
	not wildcard.matches("*-dev", "libssl-dev2")
	not wildcard.matches("ab*ba", "aba")
}

test_several_stars if {
	wildcard.matches("*alpine*", "3.20-alpine3.20")
	wildcard.matches("a*b*c", "abc")
	wildcard.matches("mcr.microsoft.com/dotnet/*:*chiseled*", "mcr.microsoft.com/dotnet/runtime:8.0-jammy-chiseled-extra")
	not wildcard.matches("a*b*c", "acb")
	not wildcard.matches("a*b*c", "xabc")
	not wildcard.matches("a*b*c", "abcx")
	not wildcard.matches("a*b*c", "ac")
	not wildcard.matches("ab*a*ba", "aba")
	not wildcard.matches("*alpine*", "debian")
	wildcard.matches("a*b*c*d", "abcd")
	wildcard.matches("a*b*c*d", "a1b\nc3d")
	not wildcard.matches("a*b*c*d", "acbd")
	not wildcard.matches("a*b*c*d", "abcde")
	not wildcard.matches("b*c*d*e", "abcde")
}

test_other_characters_stand_for_themselves if {
	not wildcard.matches("*a.c*", "abc")
	not wildcard.matches("*a.c*d*", "abcd")
	not wildcard.matches("a?c", "abc")
	wildcard.matches("*g++*(x)|{y}[z]^$\\?", "1g++2(x)|{y}[z]^$\\?")
}

test_any if {
	wildcard.matches_any(["a", "b*"], "bcd")
	not wildcard.matches_any(["a", "b"], "c")
	not wildcard.matches_any([], "c")
}
