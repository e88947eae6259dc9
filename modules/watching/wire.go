package watching

// watchedChanged is the payload of watched_changed, which a person's pages get.
type watchedChanged struct {
	ProjectID int64   `json:"projectId"`
	Watched   Watched `json:"watched"`
}
