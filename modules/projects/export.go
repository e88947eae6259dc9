package projects

import (
	"context"

	"taskstack.org/modules/accounts"
)

// exported is projects.json.
type exported struct {
	Owned         []exportedProject `json:"owned"`
	Collaborating []string          `json:"collaborating"` // ⟨owner⟩/⟨project⟩
}

type exportedProject struct {
	Title         string           `json:"title"`
	Name          string           `json:"name"`
	Description   string           `json:"description"`
	Visibility    Visibility       `json:"visibility"`
	Colour        Colour           `json:"colour"`
	Collaborators []exportedMember `json:"collaborators"`
}

type exportedMember struct {
	Name string `json:"name"`
	Role Role   `json:"role"`
}

// Export writes projects.json: the actor's own projects, and which others they
// work in. The modules that keep what is on the boards write it.
func (s boardReader) Export(ctx context.Context, by accounts.Actor, to accounts.Exporter) error {
	owned, err := s.Owned(ctx, by)
	if err != nil {
		return err
	}
	out := exported{Owned: make([]exportedProject, len(owned)), Collaborating: []string{}}
	for i, p := range owned {
		e := exportedProject{Title: p.Called(), Name: p.Name, Description: p.ProjectDesc, Visibility: p.Visibility, Colour: p.Colour(), Collaborators: []exportedMember{}}
		for _, m := range p.Collaborators {
			e.Collaborators = append(e.Collaborators, exportedMember{m.Name, m.Role})
		}
		out.Owned[i] = e
	}
	all, err := s.repo.ofUser(ctx, by.UserID)
	if err != nil {
		return err
	}
	for _, p := range all {
		if p.OwnerID != by.UserID {
			out.Collaborating = append(out.Collaborating, p.OwnerName+"/"+p.Name)
		}
	}
	return to.JSON("projects", out)
}

// ExportFolder is where an export keeps what belongs to a project of the
// person's own.
func (p Project) ExportFolder(parts ...string) string {
	return accounts.ExportPath(append([]string{"projects", p.Name}, parts...)...)
}
