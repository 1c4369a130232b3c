# METADATA
# title: File modes
# description: What chmod's two notations of a mode give.
package checklist.lib.mode

# METADATA
# description: |
#   Whether a mode lets everybody write: the last octal digit has the 2, or a clause gives `w` to
#   others or to all. A clause without `ugoa` is subject to the umask, which keeps `w` from others;
#   one that copies permissions (`o=u`) gives what is not known here. Undefined when it does not.
# custom:
#   types: {mode: string}
world_writable(mode) if regex.match(`^0*[0-7]{0,3}[2367]$`, mode)

world_writable(mode) if {
	contains(mode, "w")
	regex.match(`^([ugoa]*([-+=][rwxXst]*)+,)*[ugo]*[oa][ugoa]*([-+=][rwxXst]*)*[+=][rxXst]*w[rwxXst]*([-+=][rxXst]*)*(,.*)?$`, mode)
}

# METADATA
# description: |
#   Whether a mode lets a program run as its owner: the octal digit in front of the usual three has
#   the 4, or a clause gives `s` to the owner. Undefined when it does not.
# custom:
#   types: {mode: string}
sets_user_id(mode) if regex.match(`^0*[4-7][0-7]{3}$`, mode)

sets_user_id(mode) if {
	contains(mode, "s")
	regex.match(`^([ugoa]*([-+=][rwxXst]*)+,)*([go]*[ua][ugoa]*)?([-+=][rwxXst]*)*[+=][rwxXt]*s[rwxXst]*([-+=][rwxXst]*)*(,.*)?$`, mode)
}

# METADATA
# description: |
#   Whether a mode lets a program run as its group: the octal digit in front of the usual three has
#   the 2, or a clause gives `s` to the group. Undefined when it does not.
# custom:
#   types: {mode: string}
sets_group_id(mode) if regex.match(`^0*[2367][0-7]{3}$`, mode)

sets_group_id(mode) if {
	contains(mode, "s")
	regex.match(`^([ugoa]*([-+=][rwxXst]*)+,)*([uo]*[ga][ugoa]*)?([-+=][rwxXst]*)*[+=][rwxXt]*s[rwxXst]*([-+=][rwxXst]*)*(,.*)?$`, mode)
}

# METADATA
# description: |
#   Whether permission bits, as a number, give the group or others more than a mode in octal digits, `0640`, does.
#   What the owner may do does not count. Undefined when they do not.
# custom:
#   types: {permissions: string, mode: string}
is_wider(permissions, mode) if bits.and(permissions, 63 - _shared(mode)) != 0

# The bits of the group and of others: those of the last two digits.
_shared(mode) := (8 * to_number(substring(digits, count(digits) - 2, 1))) + to_number(substring(digits, count(digits) - 1, 1)) if {
	digits := concat("", ["00", mode])
}

# METADATA
# description: |
#   What a mode grants beyond another, digit by digit: 4770 beyond 0755 is [4, 0, 2, 0]. Both are four
#   octal digits. Undefined when they are not.
# custom:
#   types: {mode: string, most: string}
beyond(mode, most) := [bits.and(to_number(given), bits.xor(to_number(substring(most, index, 1)), 7)) |
	some index, given in split(mode, "")
] if {
	regex.match(`^[0-7]{4} [0-7]{4}$`, concat(" ", [mode, most]))
}
