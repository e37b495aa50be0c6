package wire

// IsNamed tells whether the code has a name here. Others may come from clients, which may close with
// any code from 3000 to 4999.
func (c CloseCode) IsNamed() bool { return closeNames[c] != "" }
