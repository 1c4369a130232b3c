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

test_sets_user_id if {
	modes := ["4755", "04755", "5755", "6755", "7777", "4000", "u+s", "+s", "a+s", "ug+s", "u=rwxs", "u+xs", "go+r,u+s", "u-x+s"]
	[m | some m in modes; not mode.sets_user_id(m)] == []
}

test_not_sets_user_id if {
	modes := ["755", "0755", "1777", "2755", "3755", "475", "47555", "g+s", "o+s", "u-s", "a-s", "u+x", "+t", "", "$MODE"]
	[m | some m in modes; mode.sets_user_id(m)] == []
}

test_sets_group_id if {
	modes := ["2755", "02755", "3755", "6755", "7777", "2000", "g+s", "+s", "a+s", "ug+s", "g=rxs", "u+x,g+s"]
	[m | some m in modes; not mode.sets_group_id(m)] == []
}

test_not_sets_group_id if {
	modes := ["755", "0755", "1777", "4755", "5755", "275", "u+s", "o+s", "g-s", "a-s", "g+x", "+t", "", "$MODE"]
	[m | some m in modes; mode.sets_group_id(m)] == []
}

test_is_wider if {
	cases := [[420, "0600"], [384 + 8, "0600"], [384 + 1, "600"], [288 + 4, "0440"], [2, "0"], [511, "0776"], [416, "0617"]]
	[c | some c in cases; not mode.is_wider(c[0], c[1])] == []
}

test_is_not_wider if {
	cases := [[384, "0600"], [448, "0600"], [2048 + 384, "600"], [288, "0440"], [416, "0640"], [0, "0"], [511, "0777"], [511, "77"]]
	[c | some c in cases; mode.is_wider(c[0], c[1])] == []
}

test_permissions_may_be_digits if {
	mode.is_wider("0640", "0600")
	not mode.is_wider("4700", "0600")
	not mode.is_wider("rw-", "0600")
}

test_beyond if {
	mode.beyond("4770", "0755") == [4, 0, 2, 0]
	mode.beyond("770", "00755") == [0, 0, 2, 0]
	mode.beyond(1023, "0755") == [1, 0, 2, 2]
	mode.beyond("7", 1) == [0, 0, 0, 6]
	mode.beyond("0644", "0644") == [0, 0, 0, 0]
	mode.beyond("0400", "0644") == [0, 0, 0, 0]
	mode.beyond("0644", "0400") == [0, 2, 4, 4]
	not mode.beyond("rw-r--r--", "0644")
	not mode.beyond("0644", "")
	not mode.beyond("0684", "0644")
}
