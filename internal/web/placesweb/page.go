package placesweb

import "openvru/internal/web/kit"

// Pages answers the requests about places.
type Pages struct {
	Kit   *kit.Kit
	Atlas atlasSource
}
