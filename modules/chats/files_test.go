package chats_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"taskstack.org/internal/boardtest"
	"taskstack.org/internal/testenv"
	"taskstack.org/modules/accounts"
	"taskstack.org/modules/chats"
	"taskstack.org/modules/files"
	"taskstack.org/modules/projects"
	"taskstack.org/platform/errs"
	"taskstack.org/platform/events"
	"taskstack.org/platform/module"
	"taskstack.org/platform/text"
)

// fileIn is a file that is going to be uploaded into a chat.
func fileIn(ref chats.Ref, name, content, key string) files.Upload {
	return files.Upload{
		Owner: files.Owner{Kind: files.Kind(string(ref.Kind) + "s"), ID: ref.ID}, Name: name, Size: int64(len(content)), Body: strings.NewReader(content), IdempotencyKey: key,
	}
}

// sendFile uploads a file into a chat, and returns the message and the key of its link.
func sendFile(t *testing.T, w *boardtest.World, by accounts.Actor, ref chats.Ref, name, content string) (sent chats.Sent, link string) {
	t.Helper()
	reply, err := w.Files.Upload(t.Context(), by, fileIn(ref, name, content, ""))
	noError(t, err)
	sent, ok := reply["message"].(chats.Sent)
	if !ok || sent.File == nil || sent.ID != reply["id"] {
		t.Fatalf("the answer is %v", reply)
	}
	return sent, keyOfLink(sent.File.URL)
}

func keyOfLink(address string) string {
	path, _ := strings.CutPrefix(address, boardtest.PublicURL+"/files/")
	key, _, _ := strings.Cut(path, "/")
	return key
}

// readers returns who may download a file, by name.
func readers(t *testing.T, w *boardtest.World, link string) string {
	t.Helper()
	var names []string
	for _, by := range []accounts.Actor{w.Owner, w.Admin, w.Reader, w.Stranger, w.Nobody} {
		d, err := w.Files.Find(t.Context(), by, link)
		if errs.KindOf(err) == errs.NotFound {
			continue
		}
		noError(t, err)
		o, err := w.Files.Open(t.Context(), d)
		noError(t, err)
		noError(t, o.Close())
		names = append(names, by.Name)
	}
	return strings.Join(names, " ")
}

func wantReaders(t *testing.T, w *boardtest.World, what, link, want string) {
	t.Helper()
	if got := readers(t, w, link); got != want {
		t.Errorf("%s: %q may read the file, want %q", what, got, want)
	}
}

// TestFilesOfChats: in each kind of chat a file is a message, in order with the others and
// with a text for clients 2.x; only those who are in the chat read it.
func TestFilesOfChats(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		befriend(t, w, w.Owner, w.Admin)
		befriend(t, w, w.Stranger, w.Admin) // who has another chat with one of the two
		send(t, w, w.Stranger, with(w.Admin), "x")
		for _, tc := range []struct {
			ref     chats.Ref
			readers string
		}{{with(w.Admin), "olive adam"}, {makeGroup(t, w, w.Owner, w.Admin), "olive adam"}, {projectChat(t, w), "olive adam rita"}} {
			told := chats.Listen(chatsOf(w))
			before := send(t, w, w.Owner, tc.ref, "before")
			sent, link := sendFile(t, w, w.Owner, tc.ref, "Plan ä.txt", "content")
			if sent.Num != before.Num+1 || sent.Content != "Plan ä.txt\n"+sent.File.URL || sent.File.Name != "Plan ä.txt" || sent.File.Size != 7 {
				t.Errorf("%s: the message is %+v with %+v", tc.ref.Kind, sent, sent.File)
			}
			got := told(w.Admin.UserID)
			if len(got) != 2 || got[1].Event != "receive_msg" || !strings.Contains(string(got[1].Payload), `"file":{"name":"Plan ä.txt","url":"`+sent.File.URL) {
				t.Errorf("%s: adam got %s", tc.ref.Kind, got)
			}
			wantReaders(t, w, string(tc.ref.Kind), link, tc.readers)
			ref := tc.ref
			if ref.Kind == chats.UserChat {
				ref = with(w.Owner)
			}
			h, err := chatsOf(w).Read(t.Context(), w.Admin, ref, chats.Page{Limit: 10})
			noError(t, err)
			if n := len(h.Messages); n < 2 || h.Messages[n-1].Content != "Plan ä.txt" || !h.Messages[n-1].HasFile {
				t.Errorf("%s: the history is %+v", tc.ref.Kind, h.Messages)
			}
		}
	})
}

// TestWhoMaySendFiles: those who may write, and nothing is stored for others.
func TestWhoMaySendFiles(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		befriend(t, w, w.Owner, w.Admin)
		group, project := makeGroup(t, w, w.Owner, w.Admin), projectChat(t, w)
		noError(t, w.Friends.Block(t.Context(), w.Owner, w.Admin.UserID))
		for _, tc := range []struct {
			by   accounts.Actor
			ref  chats.Ref
			want errs.Kind
		}{
			{w.Reader, group, errs.NotFound},
			{w.Stranger, project, errs.NotFound},
			{w.Nobody, project, errs.NotFound},
			{w.Owner, with(w.Stranger), errs.NotFound},
			{w.Admin, with(w.Owner), errs.NotFound}, // blocked
			{w.Owner, chats.Ref{Kind: "chat", ID: 1}, errs.NotFound},
			{w.Owner, chats.Ref{Kind: chats.Group, ID: 987654}, errs.NotFound},
			{w.Reader, project, ""}, // who can only view the board
		} {
			_, err := w.Files.Upload(t.Context(), tc.by, fileIn(tc.ref, "a", "b", ""))
			wantKind(t, fmt.Sprintf("%s in %v", tc.by.Name, tc.ref), err, tc.want)
		}
		for what, u := range map[string]files.Upload{
			"no name": fileIn(group, "", "b", ""), "a path": fileIn(group, "../a", "b", ""), "a key that is none": fileIn(group, "a", "b", "a b"),
			"a replacement": {Owner: files.Owner{Kind: "chatGroups", ID: group.ID}, Name: "a", Replaces: true, Body: strings.NewReader("")},
		} {
			_, err := w.Files.Upload(t.Context(), w.Owner, u)
			wantKind(t, what, err, errs.Invalid)
		}
		if n := len(w.Objects(t)); n != 1 {
			t.Errorf("%d objects are stored", n)
		}
	})
}

// TestFilesGoWithMessages: what a message, a member, a chat or an account takes along is
// not readable from then on, and its content is deleted by the queue.
func TestFilesGoWithMessages(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		ctx, m := t.Context(), chatsOf(w)
		befriend(t, w, w.Owner, w.Admin)
		befriend(t, w, w.Owner, w.Reader)
		group, project := makeGroup(t, w, w.Owner, w.Admin, w.Reader), projectChat(t, w)
		stored := func(what string, want int) {
			t.Helper()
			if got := len(w.Objects(t)); got != want {
				t.Errorf("%s: %d objects, want %d", what, got, want)
			}
			if rows := column(t, w, "SELECT id FROM item_attached_file"); len(rows) != want {
				t.Errorf("%s: %d rows, want %d", what, len(rows), want)
			}
		}
		first, deleted := sendFile(t, w, w.Owner, group, "a", "1")
		_, kept := sendFile(t, w, w.Owner, group, "a", "2")
		_, ofReader := sendFile(t, w, w.Reader, group, "a", "3")
		_, ofPair := sendFile(t, w, w.Admin, with(w.Owner), "a", "4")
		_, ofProject := sendFile(t, w, w.Admin, project, "a", "5")
		stored("before", 5)

		now, err := m.Delete(ctx, w.Owner, chats.Group, first.ID)
		noError(t, err)
		if now.File != nil || now.Content != "" || !now.Deleted {
			t.Errorf("the deleted message is %+v", now)
		}
		wantReaders(t, w, "a deleted message", deleted, "")
		stored("a deleted message", 4)

		noError(t, m.Remove(ctx, chats.By(w.Owner), group.ID, w.Reader.UserID))
		wantReaders(t, w, "a removed member", kept, "olive adam")
		wantReaders(t, w, "a removed member's own", ofReader, "")
		stored("a removed member", 3)

		_, err = w.Projects.Remove(ctx, projects.By(w.Owner, w.Project.ID), w.Reader.UserID)
		noError(t, err)
		wantReaders(t, w, "left the project", ofProject, "olive adam")
		noError(t, w.Friends.Block(ctx, w.Owner, w.Admin.UserID))
		wantReaders(t, w, "of a blocked person", ofProject, "adam")
		noError(t, w.Friends.Unblock(ctx, w.Owner, w.Admin.UserID))
		wantReaders(t, w, "of a person no longer blocked", ofProject, "olive adam")
		wantReaders(t, w, "of a former friend", ofPair, "olive adam")

		noError(t, m.DeleteGroup(ctx, chats.By(w.Owner), group.ID))
		stored("a deleted group", 2)
		noError(t, w.DB.InTx(ctx, func(ctx context.Context) error {
			return w.Deps.Bus.Publish(ctx, accounts.Deleting{UserID: w.Admin.UserID, Name: w.Admin.Name})
		}))
		stored("a deleted account", 0)
		_, ofProject = sendFile(t, w, w.Owner, project, "a", "6")
		stored("once more", 1)
		_, err = m.Deactivate(ctx, projects.By(w.Owner, w.Project.ID))
		noError(t, err)
		wantReaders(t, w, "a chat that was switched off", ofProject, "")
		stored("a chat that was switched off", 0)
	})
}

// TestFileIsSentOnce: the same upload again is the same message, in parts too; it is not
// edited, mentions no one and is found by its name.
func TestFileIsSentOnce(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		ctx, group := t.Context(), projectChat(t, w)
		var kinds []string
		events.On(w.Deps.Bus, func(_ context.Context, n module.Notification) error {
			kinds = append(kinds, n.Kind)
			return nil
		})
		for range 2 {
			reply, err := w.Files.Upload(ctx, w.Owner, fileIn(group, "@adam report.txt", "once", "a-key-of-a-file"))
			noError(t, err)
			id, _ := reply["id"].(int64)
			_, err = chatsOf(w).Edit(ctx, w.Owner, group.Kind, id, "text")
			wantKind(t, "editing a file", err, errs.Invalid)
		}
		content := strings.Repeat("x", files.PartSize) + "end"
		u := fileIn(group, "large.txt", content, "key-of-large-one")
		for i, part := range []string{content[:files.PartSize], content[files.PartSize:]} {
			u.Body = strings.NewReader(part)
			noError(t, w.Files.UploadPart(ctx, w.Owner, u, i))
		}
		u.InParts = true
		for range 2 {
			_, err := w.Files.Upload(ctx, w.Owner, u)
			noError(t, err)
		}
		if got := read(t, w, w.Admin, group, chats.Page{Limit: 10}); strings.Join(got, ", ") != "@adam report.txt, large.txt" {
			t.Errorf("the chat has %v", got)
		}
		if n := len(w.Objects(t)); n != 2 {
			t.Errorf("%d objects, want two", n)
		}
		if !slices.Equal(kinds, []string{"chats.project", "chats.project"}) {
			t.Errorf("notifications of two files, of which one is called as a person: %v", kinds)
		}
		found, err := chatsOf(w).FindMessages(ctx, w.Admin.UserID, text.NewQuery("report", 8), 10)
		if err != nil || len(found) != 1 {
			t.Errorf("found %v, %v", found, err)
		}
	})
}

// TestQuotaOfFilesInChats: those of a project's chat count with the project, those of a
// group have as much for themselves.
func TestQuotaOfFilesInChats(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		files.SetQuota(w.Files.Service, files.Quota{Project: 10})
		group, other, project := makeGroup(t, w, w.Owner), makeGroup(t, w, w.Owner), projectChat(t, w)
		for _, ref := range []chats.Ref{group, project, other} {
			sendFile(t, w, w.Owner, ref, "a", "123456")
			_, err := w.Files.Upload(t.Context(), w.Owner, fileIn(ref, "b", "123456", ""))
			wantKind(t, "over the quota of "+string(ref.Kind), err, errs.TooLarge)
		}
		list := column(t, w, "SELECT id FROM item_attached_file")
		if len(list) != 3 || len(w.Objects(t)) != 3 {
			t.Errorf("%v, %v", list, w.Objects(t))
		}
		_, cards := w.Fill(t, w.Project, 1, 1)
		_, err := w.Files.Upload(t.Context(), w.Owner, files.Upload{Owner: files.Owner{Kind: files.OfCard, ID: cards[0][0]}, Name: "c", Size: 6, Body: strings.NewReader("123456")})
		wantKind(t, "a card's file beside one of the chat", err, errs.TooLarge)
	})
}

// archiveTo keeps an export in a ZIP in memory.
type archiveTo struct{ z *zip.Writer }

func (a archiveTo) JSON(name string, v any) error {
	raw, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return a.File(name+".json", bytes.NewReader(raw))
}

func (a archiveTo) File(name string, r io.Reader) error {
	f, err := a.z.Create(name)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, r)
	return err
}

// TestExportHasFiles: an export has one's own files, and says which message has which.
func TestExportHasFiles(t *testing.T) {
	testenv.EachMigrated(t, func(t *testing.T, uri string) {
		w := boardtest.New(t, uri)
		group := projectChat(t, w)
		sendFile(t, w, w.Owner, group, "mine.txt", "my content")
		sendFile(t, w, w.Admin, group, "theirs.txt", "their content")
		var buf bytes.Buffer
		z := zip.NewWriter(&buf)
		noError(t, chatsOf(w).Export(context.WithoutCancel(t.Context()), w.Owner, archiveTo{z}))
		noError(t, z.Close())
		r, err := zip.NewReader(bytes.NewReader(buf.Bytes()), int64(buf.Len()))
		noError(t, err)
		got := map[string]string{}
		for _, f := range r.File {
			o, err := f.Open()
			noError(t, err)
			text, err := io.ReadAll(o)
			noError(t, err)
			got[f.Name] = string(text)
		}
		if len(got) != 2 || !strings.Contains(got["messages.json"], `/mine.txt"`) {
			t.Errorf("the export is %v", got)
		}
		for name, text := range got {
			if strings.HasSuffix(name, ".txt") && text != "my content" {
				t.Errorf("%s is %q", name, text)
			}
		}
	})
}
