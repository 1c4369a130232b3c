package checklist.lib.mode_test

import data.checklist.lib.mode

test_world_writable if {
	modes := ["777", "0777", "666", "1777", "002", "2", "7777", "773", "o+w", "a+w", "a+rwx", "ugo+rwX", "go=rw", "u=rwx,go=rwx", "a=rwx", "u+x,o+w", "o-x+w"]
	[m | some m in modes; not mode.world_writable(m)] == []
}

test_not_world_writable if {
	modes := ["755", "0644", "4755", "775", "771", "u+w", "g+w", "ug+rwx", "+w", "+x", "a+x", "o-w", "g=u", "o=u", "u=rwx,go=rx", "$MODE", "77$X", "", "a-w", "9777", "o+w-w"]
	[m | some m in modes; mode.world_writable(m)] == []
}

test_is_wider if {
	cases := [[420, "0600"], [384 + 8, "0600"], [384 + 1, "600"], [288 + 4, "0440"], [2, "0"], [511, "0776"], [416, "0617"]]
	[c | some c in cases; not mode.is_wider(c[0], c[1])] == []
}

test_is_not_wider if {
	cases := [[384, "0600"], [448, "0600"], [2048 + 384, "600"], [288, "0440"], [416, "0640"], [0, "0"], [511, "0777"], [511, "77"]]
	[c | some c in cases; mode.is_wider(c[0], c[1])] == []
}
