package redisadapter

import (
	"strings"
	"sync"
)

// TopicHandler takes what arrives on the topics of one kind. Its functions run
// on the goroutine that receives and must not wait.
type TopicHandler struct {
	// Message is called for each payload that another server has published.
	Message func(topic string, payload []byte)
	// Subscribed is called with topics whose subscription has begun, the first
	// time or after a lost connection: what was published before was missed.
	Subscribed func(topics []string)
}

// Topics carries payloads of the program between the servers, beside the rooms.
type Topics struct {
	bus  *bus
	kind string
	TopicHandler
}

type topicKinds struct {
	bus *bus

	mu  sync.Mutex
	all map[string]*Topics
}

// Topics returns the topics of a kind, a word without a colon. It is called once
// for each kind, before the server is made.
func (a *Adapter) Topics(kind string, h TopicHandler) *Topics {
	t := &Topics{bus: a.bus, kind: kind, TopicHandler: h}
	a.topics.mu.Lock()
	defer a.topics.mu.Unlock()
	if a.topics.all == nil {
		a.topics.all = map[string]*Topics{}
	}
	a.topics.all[kind] = t
	return t
}

// Follow begins or ends receiving a topic. It does not wait.
func (t *Topics) Follow(topic string, on bool) { t.bus.follow(t.name(topic), on) }

// Publish sends a payload to the other servers that follow a topic. It does not
// wait; where Redis is away, the payload is lost.
func (t *Topics) Publish(topic string, payload []byte) {
	t.bus.send(messageTopic, payload, t.bus.channel(t.name(topic)))
}

func (t *Topics) name(topic string) string { return "t:" + t.kind + ":" + topic }

// find returns the kind and the topic of a channel's name, or nil.
func (k *topicKinds) find(name string) (*Topics, string) {
	rest, ok := strings.CutPrefix(name, "t:")
	if !ok {
		return nil, ""
	}
	kind, topic, _ := strings.Cut(rest, ":")
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.all[kind], topic
}

func (k *topicKinds) receive(name string, payload []byte) {
	if t, topic := k.find(name); t != nil && t.Message != nil {
		t.Message(topic, payload)
	}
}

func (k *topicKinds) subscribed(channels []string) {
	byKind := map[*Topics][]string{}
	for _, channel := range channels {
		if t, topic := k.find(k.bus.nameOf(channel)); t != nil && t.Subscribed != nil {
			byKind[t] = append(byKind[t], topic)
		}
	}
	for t, topics := range byKind {
		t.Subscribed(topics)
	}
}
