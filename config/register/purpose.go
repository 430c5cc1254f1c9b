package register

// PublicSafety is the purpose for which a public place may be watched (Personal
// Information Protection Law Article 26, which allows another with each person's
// separate consent).
const PublicSafety = "public-safety"

// Purposes are what a camera or a face device may serve, those that the law does not allow
// everywhere among them: who has them can say so. The list is this product's choice.
var Purposes = []string{
	PublicSafety, "fire-safety", "property-protection", "production-safety", "access-control", "traffic", "internal-management",
	"attendance", "teaching", "sales",
}
