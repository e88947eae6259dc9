// Package redisadapter connects the rooms of several Socket.IO servers over
// Redis: one server, Sentinels, or a Cluster with sharded publish/subscribe. It
// depends on go-redis and package socketio only.
//
//	client, err := redisadapter.Connect("redis://127.0.0.1:6379")
//	adapter, err := redisadapter.New(client, redisadapter.Options{})
//	srv, err := socketio.New(socketio.Options{Adapter: adapter})
package redisadapter
