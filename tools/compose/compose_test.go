// Package compose checks docker/ with the library of the compose specification,
// whose dependencies stay out of the program's module.
package compose

import (
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
)

const folder = "../../docker/"

// load reads compose files as `docker compose` does, with values for what .env
// must have.
func load(t *testing.T, profiles []string, env map[string]string, files ...string) (*types.Project, error) {
	t.Helper()
	for i := range files {
		files[i] = folder + files[i]
	}
	var settings []string
	for name, value := range env {
		settings = append(settings, name+"="+value)
	}
	options, err := cli.NewProjectOptions(files, cli.WithEnv(settings), cli.WithProfiles(profiles), cli.WithoutEnvironmentResolution)
	if err != nil {
		t.Fatal(err)
	}
	return options.LoadProject(t.Context())
}

var needed = map[string]string{"TASKSTACK_PUBLIC_URL": "https://tasks.example.org", "TASKSTACK_SECRET_KEY": "k", "DB_PASSWORD": "p"}

func TestCompose(t *testing.T) {
	p, err := load(t, []string{"database", "several"}, with("TASKSTACK_SERVERS", "4"), "compose.yml")
	if err != nil {
		t.Fatal(err)
	}
	if names := p.ServiceNames(); !slices.Equal(names, []string{"certbot", "mariadb", "nginx", "redis", "taskstack"}) {
		t.Errorf("services %v", names)
	}
	for name, s := range p.Services {
		if s.Restart != "always" {
			t.Errorf("%s does not come back after a restart of the machine", name)
		}
		if (len(s.Ports) > 0) != (name == "nginx") {
			t.Errorf("%s publishes %v", name, s.Ports)
		}
		for _, v := range s.Volumes {
			if v.Type != types.VolumeTypeBind {
				continue
			}
			if _, err := os.Stat(v.Source); err != nil {
				t.Errorf("%s mounts what is not in the tree: %v", name, err)
			}
		}
	}
	server := p.Services["taskstack"]
	if n := server.GetScale(); n != 4 {
		t.Errorf("%d servers", n)
	}
	if uri := server.Environment["TASKSTACK_DB_URI"]; uri == nil || *uri != "mysql://taskstack:p@mariadb/taskstack" {
		t.Errorf("database %v", uri)
	}
	if !server.ReadOnly || len(server.CapDrop) != 1 || server.StopGracePeriod == nil || server.StopGracePeriod.String() != "30s" {
		t.Error("the server is not as bounded as it should be, or is killed while it drains")
	}
	if _, err := os.Stat(server.Build.Context + "/" + server.Build.Dockerfile); err != nil {
		t.Error(err)
	}
	subnet := p.Networks["default"].Ipam.Config[0].Subnet
	if proxies := server.Environment["TASKSTACK_TRUSTED_PROXIES"]; proxies == nil || *proxies != subnet {
		t.Errorf("nginx is in %s, trusted is %v", subnet, proxies)
	}
}

func TestOneServerNeedsNoRedis(t *testing.T) {
	p, err := load(t, []string{"database"}, needed, "compose.yml")
	if err != nil {
		t.Fatal(err)
	}
	server := p.Services["taskstack"]
	if _, there := p.Services["redis"]; there || server.GetScale() != 1 {
		t.Errorf("services %v", p.ServiceNames())
	}
}

func TestDatabaseOfOnesOwn(t *testing.T) {
	p, err := load(t, nil, with("TASKSTACK_DB_URI", "mysql://u:p@rds/x"), "compose.yml")
	if err != nil {
		t.Fatal(err)
	}
	if uri := p.Services["taskstack"].Environment["TASKSTACK_DB_URI"]; uri == nil || *uri != "mysql://u:p@rds/x" {
		t.Errorf("database %v", uri)
	}
	if names := p.ServiceNames(); !slices.Equal(names, []string{"certbot", "nginx", "taskstack"}) {
		t.Errorf("services %v", names)
	}
}

func TestDevelopment(t *testing.T) {
	p, err := load(t, []string{"database"}, needed, "compose.yml", "compose.dev.yml")
	if err != nil {
		t.Fatal(err)
	}
	if names := p.ServiceNames(); !slices.Equal(names, []string{"mariadb", "taskstack"}) {
		t.Errorf("services %v", names)
	}
	for name, s := range p.Services {
		for _, port := range s.Ports {
			if port.HostIP != "127.0.0.1" {
				t.Errorf("%s is published to other machines: %+v", name, port)
			}
		}
	}
}

// What is missing is named, with what to do.
func TestMissingSettings(t *testing.T) {
	for name := range needed {
		env := maps.Clone(needed)
		delete(env, name)
		if _, err := load(t, nil, env, "compose.yml"); err == nil || !strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), "set it in .env") {
			t.Errorf("without %s: %v", name, err)
		}
	}
}

// Every setting in .env.example exists: the program's in its table, the others in
// the compose file.
func TestExample(t *testing.T) {
	read := func(file string) string {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	known := read("../../platform/config/variables.go") + read("../../platform/config/operator.go") + read(folder+"compose.yml")
	names := regexp.MustCompile(`(?m)^#?([A-Z][A-Z0-9_]+)=`).FindAllStringSubmatch(read(folder+".env.example"), -1)
	if len(names) < 10 {
		t.Fatalf("%d settings", len(names))
	}
	for _, m := range names {
		if m[1] != "COMPOSE_PROFILES" && !strings.Contains(known, m[1]) {
			t.Errorf("%s is no setting", m[1])
		}
	}
	for name := range needed {
		if !strings.Contains(read(folder+".env.example"), "\n"+name+"=") {
			t.Errorf("%s is needed and not in the example", name)
		}
	}
}

func with(name, value string) map[string]string {
	env := maps.Clone(needed)
	env[name] = value
	return env
}
