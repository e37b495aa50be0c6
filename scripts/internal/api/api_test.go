package api_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"wsworkshop/scripts/internal/api"
	"wsworkshop/scripts/internal/files"
)

func set(texts map[string]string) files.Set {
	s := files.Set{"go.mod": []byte("module wsworkshop/x\n")}
	for name, text := range texts {
		s[name] = []byte(text)
	}
	return s
}

var (
	reference = set(map[string]string{
		"server.go":        "package chat\n\nimport (\n\t\"net/http\"\n\t\"time\"\n\n\t\"wsworkshop/x/wire\"\n)\n\ntype Config struct {\n\tLimit int\n\tInterval time.Duration\n}\n\ntype Message = wire.Message\n\ntype Server struct{ mux *http.ServeMux }\n\nfunc New(c Config) (*Server, error) { return nil, nil }\n\nfunc (s *Server) Rooms() []Room { return nil }\n\ntype Room struct{ Members []struct{ ID string } }\n",
		"wire/message.go":  "package wire\n\ntype Message struct{ Type, Text string }\n",
		"client/client.go": "package client\n\nimport \"wsworkshop/x/wire\"\n\ntype Client struct{}\n\nfunc New() *Client { return nil }\n\nfunc (c *Client) Send(m wire.Message) error { return nil }\n",
	})
	theSuite = files.Set{
		// Most of it stands in functions that are handed to packages of which nothing is known.
		"server_test.go": []byte("package chat_test\n\nimport (\n\t\"testing\"\n\n\t\"example.org/bubble\"\n\tchat \"wsworkshop/x\"\n)\n\nfunc TestServer(t *testing.T) {\n\tbubble.Run(t, func(w *bubble.World) {\n\t\ts, err := chat.New(chat.Config{Limit: 1, Interval: bubble.Second})\n\t\tw.NoError(err)\n\t\tfor _, room := range s.Rooms() {\n\t\t\tw.Equal(0, len(room.Members))\n\t\t}\n\t\tvar m chat.Message\n\t\tw.Equal(\"hi\", m.Text)\n\t})\n}\n"),
		"client_test.go": []byte("package chat_test\n\nimport (\n\t\"testing\"\n\n\tchat \"wsworkshop/x\"\n\t\"wsworkshop/x/client\"\n)\n\nfunc TestClient(t *testing.T) {\n\tc := client.New()\n\t_ = c.Send(chat.Message{Type: \"hi\"})\n}\n"),
	}
)

// lacks names what a module lacks for each file of the suite.
func lacks(module files.Set) map[string][]string {
	words := map[string][]string{}
	for file, names := range api.Lacks(theSuite, reference, module) {
		for _, n := range names {
			words[file] = append(words[file], n.String())
		}
	}
	return words
}

func TestTheReferenceLacksNothing(t *testing.T) {
	require.Empty(t, lacks(reference))
}

func TestAllThatIsMissingIsNamed(t *testing.T) {
	require.Equal(t, map[string][]string{
		"server_test.go": {"Config", "Config.Interval", "Config.Limit", "Message", "Message.Text", "New", "Room.Members", "Server.Rooms"},
		"client_test.go": {"Message", "Message.Type", "client.Client.Send", "client.New"},
	}, lacks(set(map[string]string{"chat.go": "package chat\n"})))
}

func TestAnotherDesignLacksNothing(t *testing.T) {
	require.Equal(t, map[string][]string{"server_test.go": {"Config.Interval"}}, lacks(set(map[string]string{
		"all.go": "package chat\n\ntype limits struct{ Limit int }\n\ntype Config struct{ limits }\n\n" +
			"type Message struct{ Type, Text string }\n\ntype hub struct{}\n\nfunc (hub) Rooms() []Room { return nil }\n\n" +
			"type Server struct{ hub }\n\ntype Room struct{ Members map[string]bool }\n\nvar New = func(Config) (*Server, error) { return nil, undefined }\n",
		"client/c.go": "package client\n\ntype sender struct{}\n\nfunc (sender) Send(any) error { return nil }\n\ntype Client = sender\n\nfunc New() Client { return Client{} }\n",
	})))
}
