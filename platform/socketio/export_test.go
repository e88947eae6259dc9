package socketio

// ConnectionsOf returns how many connections count against the limits of an address.
func (srv *Server) ConnectionsOf(key string) (n int) {
	srv.mu.Lock()
	defer srv.mu.Unlock()
	if a := srv.addresses[key]; a != nil {
		for i := range a.peers {
			n += a.peers[i].conns
		}
	}
	return n
}
