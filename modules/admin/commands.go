package admin

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"

	"taskstack.org/modules/accounts"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/module"
)

// Commands are those of the program.
func (m *Module) Commands() []module.Command {
	return []module.Command{{
		Name: "admin", Args: "list | add NAME | remove NAME",
		Does: "list the administrators of the site, make a person one, or take the right away; never from the last", Run: m.command,
	}}
}

func (m *Module) command(ctx context.Context, args []string, out io.Writer) error {
	switch {
	case len(args) == 1 && args[0] == "list":
		return m.listCommand(ctx, out)
	case len(args) == 2 && args[0] == "add":
		p, err := m.AddByCommand(ctx, args[1])
		return report(out, err, args[1], p, "%s is an administrator of the site now. The pages are at %s\n", m.publicURL+basePath)
	case len(args) == 2 && args[0] == "remove":
		p, err := m.RemoveByCommand(ctx, args[1])
		return report(out, err, args[1], p, "%s is no administrator of the site any more.%s\n", "")
	}
	return fmt.Errorf("%w: list, add NAME or remove NAME", module.ErrUsage)
}

func (m *Module) listCommand(ctx context.Context, out io.Writer) error {
	all, err := m.Administrators(ctx)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		_, err := fmt.Fprintln(out, "There is no administrator of the site. Make one: taskstack admin add NAME")
		return err
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, a := range all {
		_, _ = fmt.Fprintf(w, "%s\tsince %s\tby %s\n", a.Name, a.AddedAt.Format("2006-01-02 15:04"), a.Origin)
	}
	return w.Flush()
}

// report prints what a command has done, or says why it has not.
func report(out io.Writer, err error, name string, p accounts.Person, sentence, detail string) error {
	e := errs.As(err)
	switch {
	case err == nil:
		_, err = fmt.Fprintf(out, sentence, p.Name, detail)
		return err
	case e.Kind == errs.NotFound:
		return fmt.Errorf("there is no verified account with the name %s", name)
	case e.Message.Key == "admin.last":
		return fmt.Errorf("%s is the last administrator: make another person one first", name)
	case e.Message.Key == "admin.isAdmin":
		return fmt.Errorf("%s is an administrator already", name)
	case e.Message.Key == "admin.isNoAdmin":
		return fmt.Errorf("%s is no administrator", name)
	}
	return err
}
