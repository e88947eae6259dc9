package files_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/files"
	"taskstack.org/modules/lists"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/objects"
)

// partSize is the size of parts in these tests.
const partSize = 64 << 10

// large is a file of two whole parts and a shorter one, of which no two are alike.
func large() string {
	all := make([]byte, 0, 2*partSize+7)
	for i := 0; len(all) < cap(all); i++ {
		all = fmt.Appendf(all, "%d ", i)
	}
	return string(all[:2*partSize+7])
}

// partOf returns a part of a file.
func partOf(content string, number int) string {
	return content[number*partSize : min((number+1)*partSize, len(content))]
}

// partsOf asks which parts have come.
func partsOf(t *testing.T, s *httptest.Server, who, path string, query url.Values) (int, []int) {
	t.Helper()
	res, body := get(t, s.URL+path+"/parts?"+query.Encode(), who, "")
	var a struct {
		Parts []int `json:"parts"`
	}
	if res.StatusCode == http.StatusOK {
		if err := json.Unmarshal([]byte(body), &a); err != nil {
			t.Fatal(err)
		}
	}
	return res.StatusCode, a.Parts
}

// TestUploadInParts: a file whose parts come in any order, one of them twice, over a line
// that breaks, is attached once, whole, and leaves no part.
func TestUploadInParts(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		w.Files.SetPartSize(partSize)
		list := lists.MakeList(t, w.Lists.Service, w.Owner, w.Project.ID, "l")
		s, path, content := server(t, w, w.Files), fmt.Sprintf("/files/lists/%d", list), large()
		query := []string{"name", "film.bin", "actionId", "action-1", "size", fmt.Sprint(len(content))}
		values := url.Values{"name": {"film.bin"}, "actionId": {"action-1"}, "size": {fmt.Sprint(len(content))}}
		send := func(number int) answer {
			t.Helper()
			return upload(t, s, "owner", path, partOf(content, number), append(query, "part", fmt.Sprint(number))...)
		}
		finish := func() answer { t.Helper(); return upload(t, s, "owner", path, "", append(query, "parts", "1")...) }
		rev := w.Rev(t, w.Project)
		for _, number := range []int{2, 0, 0} {
			if a := send(number); a.Status != http.StatusOK || !a.OK {
				t.Fatalf("part %d: %+v", number, a)
			}
		}
		if status, there := partsOf(t, s, "owner", path, values); status != http.StatusOK || !slices.Equal(there, []int{0, 2}) {
			t.Errorf("%d, parts %v", status, there)
		}
		if a := finish(); a.Error != "unavailable" || w.Rev(t, w.Project) != rev {
			t.Errorf("without the middle: %+v", a)
		}
		// Cut in the middle of a part.
		body := io.MultiReader(strings.NewReader(partOf(content, 1)[:1000]), broken{})
		u := files.Upload{Owner: files.Owner{Kind: files.OfList, ID: list}, Name: "film.bin", Size: int64(len(content)), IdempotencyKey: "action-1", Body: body}
		if err := w.Files.UploadPart(t.Context(), w.Owner, u, 1); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("a line that breaks: %v", err)
		}
		if _, there := partsOf(t, s, "owner", path, values); !slices.Equal(there, []int{0, 2}) {
			t.Errorf("after a break: %v", there)
		}
		if a := send(1); a.Status != http.StatusOK {
			t.Fatalf("%+v", a)
		}
		for range 2 { // its answer may get lost
			if a := finish(); a.Status != http.StatusOK || a.Rev != rev+1 {
				t.Fatalf("%+v", a)
			}
		}
		of, err := w.Files.Of(t.Context(), files.OfList, []int64{list})
		if err != nil || len(of[list]) != 1 || read(t, w, of[list][0].URL) != content {
			t.Errorf("error %v, %d files, or another content", err, len(of[list]))
		}
		if n := len(w.Objects(t)); n != 1 {
			t.Errorf("%d objects, want the file alone", n)
		}
		if n := rowsOf(t, w, "upload_part"); n != 0 {
			t.Errorf("%d parts are left", n)
		}
		if _, there := partsOf(t, s, "owner", path, values); len(there) != 0 {
			t.Errorf("parts %v of a file that is attached", there)
		}
	})
}

// broken is a line that breaks.
type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func rowsOf(t *testing.T, w *boardtest.World, table string) (n int) {
	t.Helper()
	err := w.DB.InTx(t.Context(), func(ctx context.Context) error {
		return w.DB.From(ctx).Raw("SELECT COUNT(*) FROM " + table).Scan(&n).Error
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestPartsAreOfOneUpload: parts of another person, file or list are never part of an
// upload, and no one else learns of them.
func TestPartsAreOfOneUpload(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		w.Files.SetPartSize(partSize)
		list := lists.MakeList(t, w.Lists.Service, w.Owner, w.Project.ID, "l")
		other := lists.MakeList(t, w.Lists.Service, w.Owner, w.Project.ID, "other")
		content := large()
		u := files.Upload{Owner: files.Owner{Kind: files.OfList, ID: list}, Name: "a", Size: int64(len(content)), IdempotencyKey: "action-1"}
		with := func(change func(u *files.Upload)) files.Upload {
			changed := u
			change(&changed)
			changed.Body = strings.NewReader(partOf(content, 0))
			return changed
		}
		if err := w.Files.UploadPart(t.Context(), w.Owner, with(func(*files.Upload) {}), 0); err != nil {
			t.Fatal(err)
		}
		for name, changed := range map[string]files.Upload{
			"another list": with(func(u *files.Upload) { u.Owner.ID = other }), "another name": with(func(u *files.Upload) { u.Name = "b" }),
			"another size": with(func(u *files.Upload) { u.Size++ }), "another action": with(func(u *files.Upload) { u.IdempotencyKey = "action-2" }),
		} {
			if there, err := w.Files.Parts(t.Context(), w.Owner, changed); err != nil || len(there) != 0 {
				t.Errorf("%s: parts %v, error %v", name, there, err)
			}
		}
		if there, err := w.Files.Parts(t.Context(), w.Admin, u); err != nil || len(there) != 0 {
			t.Errorf("another person: parts %v, error %v", there, err)
		}
		objects := len(w.Objects(t))
		for name, c := range map[string]struct {
			err  error
			kind errs.Kind
		}{
			"a reader":           {w.Files.UploadPart(t.Context(), w.Reader, with(func(*files.Upload) {}), 1), errs.Forbidden},
			"a stranger":         {w.Files.UploadPart(t.Context(), w.Stranger, with(func(*files.Upload) {}), 1), errs.NotFound},
			"a part too many":    {w.Files.UploadPart(t.Context(), w.Owner, with(func(*files.Upload) {}), 3), errs.Invalid},
			"part -1":            {w.Files.UploadPart(t.Context(), w.Owner, with(func(*files.Upload) {}), -1), errs.Invalid},
			"too large a file":   {w.Files.UploadPart(t.Context(), w.Owner, with(func(u *files.Upload) { u.Size = files.DefaultSize + 1 }), 0), errs.TooLarge},
			"a name with a path": {w.Files.UploadPart(t.Context(), w.Owner, with(func(u *files.Upload) { u.Name = "../a" }), 0), errs.Invalid},
		} {
			if c.err == nil || errs.KindOf(c.err) != c.kind {
				t.Errorf("%s: %v", name, c.err)
			}
		}
		if _, err := w.Files.Parts(t.Context(), w.Reader, u); errs.KindOf(err) != errs.Forbidden {
			t.Errorf("a reader asks: %v", err)
		}
		if n := len(w.Objects(t)); n != objects || objects != 1 {
			t.Errorf("%d objects, were %d", n, objects)
		}
	})
}

// TestQuotaCountsParts: the whole file counts with its first part, parts on their way
// count for others, and not twice when the file is attached.
func TestQuotaCountsParts(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		w.Files.SetPartSize(partSize)
		list := lists.MakeList(t, w.Lists.Service, w.Owner, w.Project.ID, "l")
		content := large()
		u := files.Upload{Owner: files.Owner{Kind: files.OfList, ID: list}, Name: "a", Size: int64(len(content)), IdempotencyKey: "action-1"}
		part := func(number int) error {
			u.Body = strings.NewReader(partOf(content, number))
			return w.Files.UploadPart(t.Context(), w.Owner, u, number)
		}
		files.SetQuota(w.Files.Service, files.Quota{Project: u.Size - 1, Total: 100 * u.Size})
		if err := part(0); errs.KindOf(err) != errs.TooLarge {
			t.Errorf("a byte too much: %v", err)
		}
		if n := len(w.Objects(t)); n != 0 {
			t.Errorf("%d objects", n)
		}
		files.SetQuota(w.Files.Service, files.Quota{Project: u.Size, Total: u.Size})
		for number := range 3 {
			if err := part(number); err != nil {
				t.Fatalf("part %d: %v", number, err)
			}
		}
		_, err := w.Files.Upload(t.Context(), w.Owner, files.Upload{Owner: u.Owner, Name: "b", Size: 1, Body: strings.NewReader("x")})
		if errs.KindOf(err) != errs.TooLarge {
			t.Errorf("a file beside the parts: %v", err)
		}
		u.InParts, u.Body = true, nil
		if _, err := w.Files.Upload(t.Context(), w.Owner, u); err != nil {
			t.Error(err)
		}
	})
}

// TestForgottenPartsAreDeleted: a cancelled upload leaves nothing, and no other upload loses a part.
func TestForgottenPartsAreDeleted(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		w.Files.SetPartSize(partSize)
		list := lists.MakeList(t, w.Lists.Service, w.Owner, w.Project.ID, "l")
		s, path, content := server(t, w, w.Files), fmt.Sprintf("/files/lists/%d", list), large()
		query := []string{"name", "a", "actionId", "action-1", "size", fmt.Sprint(len(content))}
		if a := upload(t, s, "owner", path, partOf(content, 2), append(query, "part", "2")...); a.Status != http.StatusOK {
			t.Fatalf("%+v", a)
		}
		if a := upload(t, s, "reader", path, "", append(query, "parts", "0")...); a.Status != http.StatusForbidden || len(w.Objects(t)) != 1 {
			t.Errorf("a reader cancels: %+v", a)
		}
		for range 2 {
			if a := upload(t, s, "owner", path, "", append(query, "parts", "0")...); a.Status != http.StatusOK {
				t.Errorf("%+v", a)
			}
		}
		if n := len(w.Objects(t)); n != 0 || rowsOf(t, w, "upload_part") != 0 {
			t.Errorf("%d objects are left", n)
		}
		for name, q := range map[string][]string{
			"no part of this number": append(query, "part", "3"), "a part of no number": append(query, "part", "x"), "another length": append(query, "part", "0"),
			"no action": {"name", "a", "size", "9000000", "part", "0"}, "no size": {"name", "a", "actionId", "b", "part", "0"}, "less than nothing": {"name", "a", "actionId", "b", "size", "-1", "part", "0"},
		} {
			if a := upload(t, s, "owner", path, partOf(content, 2)+"x", q...); a.Error != "invalid" {
				t.Errorf("%s: %+v", name, a)
			}
		}
	})
}

// TestAbandonedPartsEnd: the objects of parts end with their reservations, their rows
// with a sweep, and what has ended is asked for again.
func TestAbandonedPartsEnd(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		w.Files.SetPartSize(partSize)
		list := lists.MakeList(t, w.Lists.Service, w.Owner, w.Project.ID, "l")
		content := large()
		u := files.Upload{Owner: files.Owner{Kind: files.OfList, ID: list}, Name: "a", Size: int64(len(content)), IdempotencyKey: "action-1"}
		u.Body = strings.NewReader(partOf(content, 0))
		if err := w.Files.UploadPart(t.Context(), w.Owner, u, 0); err != nil {
			t.Fatal(err)
		}
		err := w.DB.InTx(t.Context(), func(ctx context.Context) error {
			return w.DB.From(ctx).Exec("UPDATE unused_object SET due_at = ?", w.DB.Now(ctx).Add(-time.Second)).Error
		})
		if err != nil {
			t.Fatal(err)
		}
		if n, err := objects.New(w.DB, w.Deps.Objects.Storage, w.Deps.Log).DeleteDue(t.Context()); n != 1 || err != nil {
			t.Errorf("%d deleted, error %v", n, err)
		}
		if there, err := w.Files.Parts(t.Context(), w.Owner, u); err != nil || len(there) != 0 || rowsOf(t, w, "upload_part") != 1 {
			t.Errorf("parts %v, error %v", there, err)
		}
		deps := w.Deps
		deps.Now = func() time.Time { return time.Now().Add(25 * time.Hour) }
		if _, err := files.New(deps, w.Accounts, w.Projects.Service).Sweep(t.Context()); err != nil || rowsOf(t, w, "upload_part") != 0 {
			t.Errorf("%d rows, error %v", rowsOf(t, w, "upload_part"), err)
		}
	})
}

// inParts uploads a file in parts.
func (s *scene) inParts(ctx context.Context, card int64, name string) error {
	const size = 1024
	s.Files.SetPartSize(size)
	content := bytes.Repeat([]byte("x"), size+1)
	u := files.Upload{Owner: files.Owner{Kind: files.OfCard, ID: card}, Name: name, Size: int64(len(content)), IdempotencyKey: "in-parts-" + fmt.Sprint(card)}
	for number, part := range [][]byte{content[:size], content[size:]} {
		u.Body = bytes.NewReader(part)
		if err := s.Files.UploadPart(ctx, s.Owner, u, number); err != nil {
			return err
		}
	}
	u.InParts, u.Body = true, nil
	_, err := s.Files.Upload(ctx, s.Owner, u)
	return err
}
