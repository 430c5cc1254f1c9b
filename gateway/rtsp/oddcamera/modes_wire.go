package oddcamera

// wireModes are oddities of the connection itself.
var wireModes = []Mode{}

// hopelessModes have a reason, and no frame.
var hopelessModes = []Mode{}
