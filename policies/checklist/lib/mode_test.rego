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

test_beyond if {
	mode.beyond("4770", "0755") == [4, 0, 2, 0]
	mode.beyond("0644", "0644") == [0, 0, 0, 0]
	mode.beyond("0400", "0644") == [0, 0, 0, 0]
	mode.beyond("0644", "0400") == [0, 2, 4, 4]
	not mode.beyond("644", "0644")
}
