# METADATA
# title: Installed packages
# description: What the package database of an image says beside its history.
package checklist.lib.installed

# METADATA
# description: |
#   Packages with one of these names that no command of the history asks for: with the base, or needed by
#   others. One group for each layer: `first`, one of the packages, and `names`, some of them in words.
# custom:
#   types: {image: Image}
beside_history(image, names) := [group |
	asked := {item.name |
		some operation in image.installs
		some item in operation.packages
		item.removed == false
	}
	found := [item |
		some item in image.packages
		item.name in names
		not item.name in asked
	]
	some layer in {item.layer | some item in found}
	here := [item | some item in found; item.layer == layer]
	group := {"first": here[0], "names": _listed(sort({item.name | some item in here}))}
]

_listed(names) := sprintf("%s and %d more", [_quoted(array.slice(names, 0, 5)), count(names) - 5]) if {
	count(names) > 6
} else := _quoted(names)

_quoted(names) := concat(", ", [sprintf("`%s`", [name]) | some name in names])
