# METADATA
# title: Unused images and stopped containers pile up
# description: |
#   Looks for a host that keeps many stopped containers, or more images than its containers can be
#   using. An engine says how many it has of each, not which are used: with one image for each
#   container, the rest is certainly unused.
# related_resources:
#   - ref: https://docs.docker.com/engine/manage-resources/pruning/
# custom:
#   severity: info
#   kinds: [daemon]
#   subjects: [daemon]
#   profiles: [baseline, cis, strict]
#   needs: [counts.stopped, counts.images, counts.containers]
#   cis: ["6.1", "6.2"]
#   nist: ["4.2.2"]
#   remedy: Remove what is not used with `docker container prune` and `docker image prune -a`.
#   params:
#     max_stopped:
#       type: integer
#       default: 25
#       description: How many stopped containers may be kept.
#     max_unused_ratio:
#       type: number
#       default: 0.5
#       description: The share of images that may be unused, from 0 to 1; 1 for no limit, as on hosts that build.
#     min_images:
#       type: integer
#       default: 25
#       description: How many images a host must have before their share counts.
#   since: 0.1.0
package checklist.host["image-sprawl"]

import data.plimsoll.finding

deny contains finding.at_field(input.daemon.counts, "stopped", message) if {
	stopped := input.daemon.counts.stopped
	most := input.params["host/image-sprawl"].max_stopped
	stopped > most
	message := sprintf("%d stopped containers are kept, more than %d", [stopped, most])
}

deny contains finding.at_field(input.daemon.counts, "images", message) if {
	images := input.daemon.counts.images
	images >= input.params["host/image-sprawl"].min_images
	unused := images - input.daemon.counts.containers
	unused > images * input.params["host/image-sprawl"].max_unused_ratio
	message := sprintf("at least %d of %d images are not used", [unused, images])
}
