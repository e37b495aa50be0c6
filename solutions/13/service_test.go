package chat_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/coreos/go-systemd/v22/unit"
	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"

	"wsworkshop/pkg/testclient"
)

// Task 13.11 (4 points): What runs the server starts it again and lets it stop.
//
// Rules: 13.an, 13.ao.
func TestUnit(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		options, err := unit.DeserializeOptions(strings.NewReader(readDeploy(w, "chat@.service")))
		require.NoError(w, err, "deploy/chat@.service")
		service, environment := map[string]string{}, map[string]string{}
		for _, o := range options {
			switch {
			case o.Name == "Environment":
				for _, word := range strings.Fields(o.Value) {
					name, value, _ := strings.Cut(strings.Trim(word, `"'`), "=")
					environment[name] = value
				}
			case o.Name == "TimeoutSec": // which is both
				service["TimeoutStopSec"] = o.Value
			case o.Section == "Service" || strings.HasPrefix(o.Name, "StartLimit"):
				service[o.Name] = o.Value
			}
		}
		yes := func(name string) bool { return slices.Contains([]string{"yes", "true", "on", "1"}, service[name]) }
		expect := func(name string, want ...string) {
			w.Helper()
			if !slices.Contains(want, service[name]) {
				w.Fatalf("deploy/chat@.service: %s is %q, want %s", name, service[name], strings.Join(want, " or "))
			}
		}
		expect("Restart", "on-failure", "always")
		if !startsForEver(service) {
			w.Fatalf("deploy/chat@.service: RestartSec is %q, StartLimitIntervalSec %q: after a few failures in short order, systemd leaves it alone", service["RestartSec"], service["StartLimitIntervalSec"])
		}
		need := stopTime(w, strings.Fields(service["ExecStart"]), environment)
		if limit := systemdTime(service["TimeoutStopSec"]); limit < need || limit > 10*time.Minute {
			w.Fatalf("deploy/chat@.service: TimeoutStopSec is %q; ExecStart asks for a stop of %v, 5s included. More than 10 minutes is none", service["TimeoutStopSec"], need)
		}
		if signal := service["KillSignal"]; signal != "" && signal != "SIGTERM" && signal != "SIGINT" {
			w.Fatalf("deploy/chat@.service: KillSignal is %s, which the server does not take for a stop", signal)
		}
		soft, _, _ := strings.Cut(service["LimitNOFILE"], ":")
		if files, _ := strconv.Atoi(soft); files < 10_000 && soft != "infinity" {
			w.Fatalf("deploy/chat@.service: LimitNOFILE is %q, want 10000 or more: each client is a file", service["LimitNOFILE"])
		}
		if user := service["User"]; !yes("DynamicUser") && (user == "" || user == "root" || user == "0") {
			w.Fatalf("deploy/chat@.service: DynamicUser is %q and User %q (rule 13.ao): the server runs as root", service["DynamicUser"], user)
		}
		if !yes("NoNewPrivileges") && !(yes("DynamicUser") && service["NoNewPrivileges"] == "") { // which that implies
			w.Fatalf("deploy/chat@.service: NoNewPrivileges is %q (rule 13.ao)", service["NoNewPrivileges"])
		}
		if !yes("DynamicUser") || service["ProtectSystem"] != "" {
			expect("ProtectSystem", "strict")
		}
	})
}

// startsForEver tells whether systemd starts a service again however often it fails at once.
func startsForEver(service map[string]string) bool {
	setting := func(otherwise string, names ...string) string {
		for _, name := range names {
			if value, ok := service[name]; ok {
				return value
			}
		}
		return otherwise
	}
	interval := setting("10s", "StartLimitIntervalSec", "StartLimitInterval")
	burst, _ := strconv.Atoi(setting("5", "StartLimitBurst"))
	pause := systemdTime(setting("100ms", "RestartSec"))
	return burst == 0 || interval != "infinity" && time.Duration(burst)*pause >= systemdTime(interval)
}

// stopTime is how long a stop may take with these arguments and variables: -drain, -shutdown-timeout (10 s without
// it) and 5 s.
func stopTime(w *testclient.World, args []string, environment map[string]string) time.Duration {
	w.Helper()
	total := 5 * time.Second
	for name, otherwise := range map[string]string{"drain": "0s", "shutdown-timeout": "10s"} {
		value := otherwise
		if v := environment["CHAT_"+strings.ToUpper(strings.ReplaceAll(name, "-", "_"))]; v != "" {
			value = v
		}
		for i, arg := range args {
			arg = strings.TrimLeft(arg, "-")
			if arg == name && i+1 < len(args) {
				value = args[i+1]
			} else if v, ok := strings.CutPrefix(arg, name+"="); ok {
				value = v
			}
		}
		d, err := time.ParseDuration(value)
		require.NoError(w, err, "-%s %s", name, value)
		total += d
	}
	return total
}

// systemdTime reads 35, 35s, "1min 5s"; 0 if it is none of these.
func systemdTime(text string) (total time.Duration) {
	units := map[string]time.Duration{"": time.Second, "s": time.Second, "sec": time.Second, "min": time.Minute, "m": time.Minute, "h": time.Hour, "ms": time.Millisecond}
	for _, m := range regexp.MustCompile(`(\d+)\s*([a-z]*)`).FindAllStringSubmatch(text, -1) {
		n, _ := strconv.Atoi(m[1])
		total += time.Duration(n) * units[m[2]]
	}
	return total
}

// Task 13.11: The image has the program and nothing else.
//
// Rules: 13.ao, 13.ap.
func TestImage(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		stage := instructions(w)
		if stage[0].name != "FROM" || stage[0].rest != "scratch" {
			w.Fatalf("deploy/Dockerfile: the image is made %s %s, want FROM scratch: what is not there cannot be attacked", stage[0].name, stage[0].rest)
		}
		user := ""
		for _, in := range stage {
			switch in.name {
			case "USER":
				user, _, _ = strings.Cut(in.rest, ":")
			case "ENTRYPOINT", "CMD":
				var args []string
				if json.Unmarshal([]byte(in.rest), &args) != nil || len(args) == 0 {
					w.Fatalf("deploy/Dockerfile: %s %s: in this form a shell is started, which is not there, and which passes no signals on. Write it as a list", in.name, in.rest)
				}
			case "RUN":
				w.Fatalf("deploy/Dockerfile: RUN %s needs a shell in the image: do it before, and copy what has come of it", in.rest)
			case "ADD":
				w.Fatalf("deploy/Dockerfile: ADD %s: COPY does less, which is all you need", in.rest)
			case "ENV", "ARG":
				w.Fatalf("deploy/Dockerfile: %s %s: whoever has the image reads it. Settings come when it is started", in.name, in.rest)
			case "STOPSIGNAL":
				if in.rest != "SIGTERM" && in.rest != "SIGINT" {
					w.Fatalf("deploy/Dockerfile: STOPSIGNAL %s is none that the server takes for a stop", in.rest)
				}
			}
		}
		if len(listOf(stage, "ENTRYPOINT")) == 0 {
			w.Fatalf("deploy/Dockerfile has no ENTRYPOINT: what compose.yaml has as command would stand in place of CMD")
		}
		if n, err := strconv.Atoi(user); err != nil || n == 0 {
			w.Fatalf("deploy/Dockerfile: USER is %q (rule 13.ao), want a number that is not 0: there are no names in the image", user)
		}
	})
}

type instruction struct{ name, rest string }

// listOf is the list that an instruction has, such as ENTRYPOINT.
func listOf(stage []instruction, name string) (list []string) {
	for _, in := range stage {
		if in.name == name {
			json.Unmarshal([]byte(in.rest), &list)
		}
	}
	return list
}

// instructions are those of the last stage of deploy/Dockerfile.
func instructions(w *testclient.World) []instruction {
	w.Helper()
	known := strings.Fields("FROM COPY ADD RUN USER ENTRYPOINT CMD ENV ARG EXPOSE LABEL WORKDIR VOLUME STOPSIGNAL HEALTHCHECK SHELL")
	var list []instruction
	text := strings.ReplaceAll(readDeploy(w, "Dockerfile"), "\\\n", " ")
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, rest, _ := strings.Cut(line, " ")
		if name = strings.ToUpper(name); !slices.Contains(known, name) {
			w.Fatalf("deploy/Dockerfile: there is no instruction %s", name)
		}
		if name == "FROM" {
			list = nil
		}
		list = append(list, instruction{name, strings.TrimSpace(rest)})
	}
	if len(list) == 0 || list[0].name != "FROM" {
		w.Fatalf("deploy/Dockerfile does not begin with FROM")
	}
	return list
}

// composeService is what the test looks at in a service.
type composeService struct {
	Image           string    `json:"image"`
	Entrypoint      *oneOrAll `json:"entrypoint"`
	Command         oneOrAll  `json:"command"`
	Environment     oneOrAll  `json:"environment"`
	Restart         string    `json:"restart"`
	StopGracePeriod string    `json:"stop_grace_period"`
	ReadOnly        bool      `json:"read_only"`
	CapDrop         []string  `json:"cap_drop"`
	SecurityOpt     []string  `json:"security_opt"`
}

// oneOrAll is a list that may also be written as a text with blanks, or as a map: NAME=value.
type oneOrAll []string

func (l *oneOrAll) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) == nil {
		*l = strings.Fields(text)
		return nil
	}
	var named map[string]any
	if json.Unmarshal(data, &named) == nil {
		for name, value := range named {
			*l = append(*l, fmt.Sprintf("%s=%v", name, value))
		}
		return nil
	}
	return json.Unmarshal(data, (*[]string)(l))
}

// stop is how long a service of an image may take to stop.
func (s composeService) stop(w *testclient.World, image []instruction) time.Duration {
	w.Helper()
	start, command := listOf(image, "ENTRYPOINT"), []string(s.Command)
	if s.Entrypoint != nil {
		start = *s.Entrypoint
	} else if command == nil {
		command = listOf(image, "CMD")
	}
	environment := map[string]string{}
	for _, e := range s.Environment {
		name, value, _ := strings.Cut(e, "=")
		environment[name] = value
	}
	return stopTime(w, append(slices.Clone(start), command...), environment)
}

// Task 13.11: Each instance in compose.yaml is treated so.
//
// Rules: 13.an, 13.ao.
func TestCompose(t *testing.T) {
	testclient.Run(t, func(w *testclient.World) {
		plain, err := yaml.YAMLToJSONStrict([]byte(readDeploy(w, "compose.yaml")))
		require.NoError(w, err, "deploy/compose.yaml")
		var file struct{ Services map[string]composeService }
		require.NoError(w, json.Unmarshal(plain, &file), "deploy/compose.yaml")
		image := instructions(w)
		instances := 0
		for name, s := range file.Services {
			if s.Image != "chat" {
				continue
			}
			instances++
			need := s.stop(w, image)
			if grace, err := time.ParseDuration(s.StopGracePeriod); err != nil || grace < need || grace > 10*time.Minute {
				w.Fatalf("deploy/compose.yaml: %s has stop_grace_period %q; its arguments ask for a stop of %v, 5s included", name, s.StopGracePeriod, need)
			}
			if !slices.Contains([]string{"unless-stopped", "always", "on-failure"}, s.Restart) {
				w.Fatalf("deploy/compose.yaml: %s has restart %q, want unless-stopped, always or on-failure", name, s.Restart)
			}
			if !s.ReadOnly || !slices.ContainsFunc(s.CapDrop, func(c string) bool { return strings.EqualFold(c, "all") }) || !slices.ContainsFunc(s.SecurityOpt, func(o string) bool {
				return strings.HasPrefix(o, "no-new-privileges") && !strings.HasSuffix(o, "false")
			}) {
				w.Fatalf("deploy/compose.yaml: %s has read_only %v, cap_drop %v, security_opt %v (rule 13.ao), want true, ALL and no-new-privileges", name, s.ReadOnly, s.CapDrop, s.SecurityOpt)
			}
		}
		if instances < 2 {
			w.Fatalf("deploy/compose.yaml has %d services of the image chat, want two", instances)
		}
	})
}
