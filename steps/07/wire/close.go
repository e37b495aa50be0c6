package wire

// CloseTakenOver is the close code of a connection whose client has connected once more. Its
// client must not reconnect for that: it would take over from its own newer connection.
const CloseTakenOver = 4001
