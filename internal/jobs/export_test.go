package jobs

// WorkerName is how a process names itself.
var WorkerName = workerName
