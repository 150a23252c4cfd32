package cli

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"sync"

	"openvru/internal/app"
	"openvru/internal/errs"
	"openvru/internal/web"
	"openvru/internal/web/accessweb"
)

const serveUsage = `Usage: vru serve [--addr HOST:PORT] [--url URL]

Serves the pages and does the work in the background, until it is stopped
(Ctrl-C). On the very first start it prints a link, good for one use, with which
the first administrator chooses a password.

  --addr HOST:PORT   where to listen (localhost:8417)
  --url URL          the address people use, if a proxy stands before: with
                     https, cookies are secure
`

// defaultAddr is a port nobody else is known to use, on this machine only.
const defaultAddr = "localhost:8417"

func runServe(ctx context.Context, env *Env, args []string) error {
	f := newFlags(env, "serve", serveUsage)
	addr := f.String("addr", defaultAddr, "")
	url := f.String("url", "", "")
	if _, err := f.parse(args); err != nil {
		return err
	}
	a, _, err := env.open(ctx)
	if err != nil {
		return err
	}
	defer a.Close()
	return env.serve(ctx, a, *addr, *url)
}

// serve answers requests and works in the background until the context ends.
func (env *Env) serve(ctx context.Context, a *app.App, addr, url string) error {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return errs.New(errs.Unavailable, "nothing can listen on %s", addr).WithCause(err).
			WithHint("another program may use that port: choose another with --addr localhost:PORT")
	}
	if url == "" {
		url = "http://" + listener.Addr().String()
	}
	server, err := web.New(a.WebConfig(url))
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	if missing := server.Missing(); missing != nil {
		env.report("serve", missing)
	}
	if exposed(listener.Addr(), url) {
		fmt.Fprintf(env.Stderr, "vru: other machines can reach %s without https, so passwords and figures cross the network for anybody there to read\nhint: put a proxy with https before it and say --url https://…, or listen on localhost\n", listener.Addr())
	}
	if err := env.welcome(ctx, a, url); err != nil {
		return errors.Join(err, listener.Close())
	}
	var background sync.WaitGroup
	background.Go(func() { a.Work(ctx) })
	defer background.Wait()
	return server.Serve(ctx, listener)
}

// exposed reports whether pages can be reached from other machines by an
// address that is not https.
func exposed(addr net.Addr, url string) bool {
	tcp, ok := addr.(*net.TCPAddr)
	return ok && !tcp.IP.IsLoopback() && !strings.HasPrefix(url, "https://")
}

// welcome says where the pages are and, before there is an administrator, how
// to become the first.
func (env *Env) welcome(ctx context.Context, a *app.App, url string) error {
	fmt.Fprintf(env.Stderr, "vru: serving %s at %s (stop with Ctrl-C)\n", a.Unit.Name, url)
	token, err := a.Access.FirstStart(ctx, a.Unit.ID)
	if err != nil || token == "" {
		return err
	}
	fmt.Fprintf(env.Stderr, "vru: to set up the first administrator, open this link once:\n  %s\n", strings.TrimSuffix(url, "/")+accessweb.SetUpPath(token))
	return nil
}
