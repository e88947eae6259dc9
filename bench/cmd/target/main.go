// Command target runs one of the servers that sockets compares: the same small
// program on each library. It prints "listening <port>" when it is ready.
package main

import (
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
)

func main() {
	makers := map[string]func() (http.Handler, error){
		"ours": ours, "googollee": googollee, "zishang520": zishang, "floor": floor,
	}
	if len(os.Args) != 2 || makers[os.Args[1]] == nil {
		log.Fatal("usage: target ours|googollee|zishang520|floor")
	}
	handler, err := makers[os.Args[1]]()
	if err != nil {
		log.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	_, port, err := net.SplitHostPort(ln.Addr().String())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("listening", port)
	log.Fatal(http.Serve(ln, handler)) //nolint:gosec // reachable from this machine only, for a minute
}
