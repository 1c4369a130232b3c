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
#   What a mode grants beyond another, digit by digit: 4770 beyond 0755 is [4, 0, 2, 0]. Both are four
#   octal digits. Undefined when they are not.
# custom:
#   types: {mode: string, most: string}
beyond(mode, most) := [bits.and(to_number(given), bits.xor(to_number(substring(most, index, 1)), 7)) |
	some index, given in split(mode, "")
] if {
	regex.match(`^[0-7]{4} [0-7]{4}$`, concat(" ", [mode, most]))
}
