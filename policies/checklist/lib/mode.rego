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
world_writable(mode) if {
	is_string(mode)
	regex.match(`^0*[0-7]{0,3}[2367]$`, mode)
}

world_writable(mode) if {
	is_string(mode)
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
#   Whether permission bits give the group or others more than a mode does. What the owner may do does
#   not count, nor what programs run as. Undefined when they do not.
# custom:
#   types: {permissions: any, mode: string}
is_wider(permissions, mode) if {
	[_, _, group, others] := beyond(permissions, mode)
	group + others > 0
}

# METADATA
# description: |
#   What a mode grants beyond another, digit by digit: 4770 beyond 0755 is [4, 0, 2, 0]. Both are octal
#   digits, or the number that they stand for. Undefined when they are not.
# custom:
#   types: {mode: any, most: any}
beyond(mode, most) := [bits.and(digit, 7 - allowed[index]) | some index, digit in given] if {
	given := _digits(mode)
	allowed := _digits(most)
}

# What programs run as, and the owner, the group and others.
_digits(mode) := [bits.and(bits.rsh(mode, shift), 7) | some shift in [9, 6, 3, 0]] if {
	is_number(mode)
} else := [to_number(digit) | some digit in split(substring(padded, count(padded) - 4, 4), "")] if {
	regex.match(`^[0-7]+$`, mode)
	padded := concat("", ["000", mode])
}
